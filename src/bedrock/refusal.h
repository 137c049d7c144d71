/* Recognizes refusals of optional parts of a request, and remembers them for the run. */
#ifndef BEDROCK_REFUSAL_H
#define BEDROCK_REFUSAL_H

#include "base/arena.h"
#include "base/error.h"
#include "model/feature.h"

/* What one model refused in this run; shared by all that call it. */
struct refusals {
	struct str region, id;
	feature_set refused;
	int64_t output_tokens_max; /* a maximum that a refusal named; 0: none did */
	struct refusals *next;
};

/* The refusals of that model, empty at first.  `list` is the session's; they live in the arena. */
struct refusals *refusals_of(struct refusals **list, struct arena *arena, struct str region,
			     struct str id);

/* What of a request can be refused. */
struct refusal_request {
	feature_set used;
	int64_t max_tokens;
};

/*
 * Whether the error is explained by an optional part that the request used.  True when it was learned,
 * now or by another call meanwhile: the request should be sent again without it.  What is learned now is
 * logged, and put in *learned.
 */
bool refusal_learn(struct refusals *refusals, const struct refusal_request *request,
		   const struct error *err, feature_set *learned) MUST_USE;

#endif
