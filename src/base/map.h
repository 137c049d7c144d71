/* A hash table from strings to pointers. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/common.h"
#include "base/str.h"

struct map_slot;

/* Zeroed it is empty.  Keys are borrowed: they must outlive the map.  Values are the caller's. */
struct map {
	struct map_slot *slots;
	size_t cap;
	size_t len;
};

void map_release(struct map *map);

/* Sets or replaces; returns the previous value, or NULL.  `value` is not NULL. */
void *map_put(struct map *map, struct str key, void *value);

/* The value, or NULL. */
void *map_get(const struct map *map, struct str key);

#endif
