/* Choices that the bytes of a fuzzer's input make, for targets that build their own input from a grammar. */
#ifndef FUZZ_CHOICES_H
#define FUZZ_CHOICES_H

#include <stdint.h>

#include "base/common.h"
#include "base/str.h"

/* The bytes that are left; once they are used up, every choice is the first one. */
struct choices {
	const uint8_t *data;
	size_t len;
};

/* A number from 0 to `count` - 1; at most 256 of them. */
static inline size_t choose(struct choices *choices, size_t count)
{
	uint8_t byte = 0;

	if (choices->len) {
		byte = *choices->data++;
		choices->len--;
	}
	return byte % count;
}

/* True once in `times`, and never when the bytes are used up. */
static inline bool chance(struct choices *choices, size_t times)
{
	return choices->len && choose(choices, times) == times - 1;
}

static inline struct str choose_str(struct choices *choices, const struct str *items, size_t count)
{
	return items[choose(choices, count)];
}

#define CHOOSE(choices, items) choose_str(choices, items, ARRAY_LEN(items))

#endif
