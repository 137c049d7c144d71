/* A hash table from strings to pointers: open addressing, never more than two thirds full. */
#include "base/map.h"

#include <stdlib.h>

#include "base/memory.h"

struct map_slot {
	struct str key;
	void *value; /* NULL: the slot is free */
};

void map_release(struct map *map)
{
	if (!map)
		return;
	free(map->slots);
	*map = (struct map){0};
}

/* The slot that holds `key`, or the free one where it would go. */
static struct map_slot *slot_for(const struct map *map, struct str key)
{
	size_t idx = (size_t)str_hash(key) & (map->cap - 1);

	while (map->slots[idx].value && !str_eq(map->slots[idx].key, key))
		idx = (idx + 1) & (map->cap - 1);
	return &map->slots[idx];
}

static void grow(struct map *map)
{
	struct map bigger = {.cap = map->cap ? map->cap * 2 : 16, .len = map->len};

	bigger.slots = NEW_ARRAY(struct map_slot, bigger.cap);
	for (size_t i = 0; i < map->cap; i++) {
		if (map->slots[i].value)
			*slot_for(&bigger, map->slots[i].key) = map->slots[i];
	}
	free(map->slots);
	*map = bigger;
}

void *map_put(struct map *map, struct str key, void *value)
{
	struct map_slot *slot;
	void *before;

	assert(value);
	if (map->len * 3 >= map->cap * 2)
		grow(map);
	slot = slot_for(map, key);
	before = slot->value;
	if (!before)
		map->len++;
	*slot = (struct map_slot){.key = key, .value = value};
	return before;
}

void *map_get(const struct map *map, struct str key)
{
	return map->cap ? slot_for(map, key)->value : NULL;
}
