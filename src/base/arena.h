/* An arena: memory that is freed together. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/common.h"
#include "base/str.h"

struct arena_block;

/*
 * Zeroed it is an empty arena.  All that it gives is zeroed, aligned for any type, and lives until
 * arena_release(); nothing is freed singly.  Not to be copied once used.
 */
struct arena {
	struct arena_block *head;
	size_t used; /* bytes given out, for limits and figures */
};

#define ARENA_INIT {0}

void arena_release(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t count, size_t size) MUST_USE;

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), (count), sizeof(type)))

/* Copies; a NUL follows the bytes, so .ptr is a C string unless the text contains a NUL. */
struct str arena_str(struct arena *arena, struct str s);

/* A copy with ASCII letters in lower case. */
struct str arena_lower(struct arena *arena, struct str s);

char *arena_text(struct arena *arena, struct str s);
struct str arena_join(struct arena *arena, struct str a, struct str b);
struct str arena_printf(struct arena *arena, const char *fmt, ...) PRINTF(2, 3);

#endif
