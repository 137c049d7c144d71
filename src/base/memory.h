/* Allocation that ends the process when memory runs out, so that callers need no check. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "base/common.h"

/* Zeroed memory for `count` items of `size` bytes; free() it.  An overflow counts as out of memory. */
void *memory_new(size_t count, size_t size) MUST_USE;

/* Like realloc for `count` items of `size` bytes; new bytes are not set. */
void *memory_grow(void *ptr, size_t count, size_t size) MUST_USE;

/* A copy of `len` bytes with a NUL after them; free() it. */
char *memory_dup(const void *ptr, size_t len) MUST_USE;

/* Prints "out of memory" to stderr and ends the process. */
NORETURN void memory_exhausted(void);

#define NEW(type) ((type *)memory_new(1, sizeof(type)))
#define NEW_ARRAY(type, count) ((type *)memory_new((count), sizeof(type)))

#endif
