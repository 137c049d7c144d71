/* How many tokens a text has, estimated without a model's tokenizer. */
#ifndef BASE_TOKENS_H
#define BASE_TOKENS_H

#include <stddef.h>

#include "base/str.h"

/* Of English and of code; tokenizers differ by a fifth or so. */
enum { BYTES_PER_TOKEN = 4 };

/* Tokens of so many bytes; rounded up. */
static inline size_t tokens_of_bytes(size_t bytes)
{
	return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
}

static inline size_t tokens_estimate(struct str text)
{
	return tokens_of_bytes(text.len);
}

#endif
