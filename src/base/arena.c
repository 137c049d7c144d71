/* An arena: memory that is freed together. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/memory.h"

/* Most arenas contain a few texts: the first block is small, and each further block is twice as large. */
enum { BLOCK_SIZE_MIN = 256, BLOCK_SIZE_MAX = 16384, ALIGNMENT = _Alignof(max_align_t) };

/* Most formatted texts are shorter: they are formatted once. */
enum { PRINTF_SIZE = 256 };

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) char bytes[];
};

void arena_release(struct arena *arena)
{
	if (!arena)
		return;
	while (arena->head) {
		struct arena_block *next = arena->head->next;

		free(arena->head);
		arena->head = next;
	}
	arena->used = 0;
}

/* Adds a block of at least `bytes`; a large one goes behind the current one, which stays in use. */
static struct arena_block *block_for(struct arena *arena, size_t bytes)
{
	struct arena_block *head = arena->head;
	size_t next = head ? MIN_OF(2 * head->size, (size_t)BLOCK_SIZE_MAX) : BLOCK_SIZE_MIN;
	size_t size = MAX_OF(bytes, next);
	struct arena_block *block;

	if (head && bytes <= head->size - head->used)
		return head;
	if (size > SIZE_MAX - sizeof(*block))
		memory_exhausted();
	block = memory_grow(NULL, 1, sizeof(*block) + size);
	block->used = 0;
	block->size = size;
	if (head && bytes > next / 2) {
		block->next = head->next;
		head->next = block;
	} else {
		block->next = head;
		arena->head = block;
	}
	return block;
}

/* Returns uninitialized memory. */
static void *room(struct arena *arena, size_t bytes)
{
	struct arena_block *block;
	void *ptr;

	if (bytes > SIZE_MAX - ALIGNMENT)
		memory_exhausted();
	bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	block = block_for(arena, bytes);
	ptr = block->bytes + block->used;
	block->used += bytes;
	arena->used += bytes;
	return ptr;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;
	void *ptr;

	if (__builtin_mul_overflow(count, size, &bytes))
		memory_exhausted();
	ptr = room(arena, bytes);
	memset(ptr, 0, bytes);
	return ptr;
}

char *arena_text(struct arena *arena, struct str s)
{
	char *copy = room(arena, s.len + 1);

	if (s.len)
		memcpy(copy, s.ptr, s.len);
	copy[s.len] = '\0';
	return copy;
}

struct str arena_str(struct arena *arena, struct str s)
{
	return str_of(arena_text(arena, s), s.len);
}

struct str arena_join(struct arena *arena, struct str a, struct str b)
{
	size_t len = a.len + b.len;
	char *text = room(arena, len + 1);

	if (a.len)
		memcpy(text, a.ptr, a.len);
	if (b.len)
		memcpy(text + a.len, b.ptr, b.len);
	text[len] = '\0';
	return str_of(text, len);
}

struct str arena_printf(struct arena *arena, const char *fmt, ...)
{
	char start[PRINTF_SIZE];
	va_list args;
	va_list again;
	char *text;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(start, sizeof(start), fmt, args);
	len = MAX_OF(len, 0);
	if (len < (int)sizeof(start)) {
		text = arena_text(arena, str_of(start, (size_t)len));
	} else {
		text = room(arena, (size_t)len + 1);
		vsnprintf(text, (size_t)len + 1, fmt, again);
	}
	va_end(again);
	va_end(args);
	return str_of(text, (size_t)len);
}

struct str arena_lower(struct arena *arena, struct str s)
{
	char *text = arena_text(arena, s);

	for (size_t i = 0; i < s.len; i++)
		text[i] = ascii_to_lower(text[i]);
	return str_of(text, s.len);
}
