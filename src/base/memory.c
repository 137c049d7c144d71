/* Allocation that ends the process when memory runs out. */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void memory_exhausted(void)
{
	static const char text[] = "outcrop: out of memory\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(4);
	_exit(4);
}

void *memory_new(size_t count, size_t size)
{
	void *ptr = calloc(count ? count : 1, size ? size : 1);

	if (!ptr)
		memory_exhausted();
	return ptr;
}

void *memory_grow(void *ptr, size_t count, size_t size)
{
	size_t bytes;
	void *grown;

	if (__builtin_mul_overflow(count, size, &bytes))
		memory_exhausted();
	grown = realloc(ptr, bytes ? bytes : 1);
	if (!grown)
		memory_exhausted();
	return grown;
}

char *memory_dup(const void *ptr, size_t len)
{
	char *copy = memory_new(len + 1, 1);

	if (len)
		memcpy(copy, ptr, len);
	return copy;
}
