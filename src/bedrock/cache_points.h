/* Chooses which cache points of a chat are sent, and their time to live. */
#ifndef BEDROCK_CACHE_POINTS_H
#define BEDROCK_CACHE_POINTS_H

#include "model/model.h"

enum { CACHE_POINTS_MAX = 4 };

/* A cache point's place, in the order in which the service reads the request. */
struct cache_point {
	enum { CACHE_AFTER_TOOLS, CACHE_AFTER_SYSTEM, CACHE_IN_MESSAGE } where;
	size_t message, block; /* CACHE_IN_MESSAGE: the cache point's own place */
	bool hour;
};

struct cache_points {
	struct cache_point items[CACHE_POINTS_MAX];
	size_t len;
};

/*
 * At most four (or the model's own maximum), none whose prefix is likely under the model's minimum, and
 * lives that never grow along the request: one hour behind five minutes makes those before it an hour too.
 * When there are too many, the first (what others share) and the last ones stay.
 */
void cache_points_choose(struct cache_points *points, const struct model *model,
			 const struct chat *chat);

/* The chosen point at that place, or NULL. */
const struct cache_point *cache_point_in_message(const struct cache_points *points, size_t message,
						 size_t block);
const struct cache_point *cache_point_after_tools(const struct cache_points *points);
const struct cache_point *cache_point_after_system(const struct cache_points *points);

/* A rough count of tokens, for this and where the service counts none. */
int64_t tokens_of_chat(const struct chat *chat);

#endif
