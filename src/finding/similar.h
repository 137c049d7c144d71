/* How alike two texts are, by their words. */
#ifndef FINDING_SIMILAR_H
#define FINDING_SIMILAR_H

#include "base/arena.h"
#include "base/common.h"
#include "base/str.h"

/* The distinct words of a text that carry meaning, as sorted hashes of their stems. */
struct words {
	uint32_t *hashes;
	size_t len;
};

enum { WORDS_MAX = 400 };

/* The first WORDS_MAX words count.  Case, endings of English words and the commonest words do not. */
struct words words_of(struct arena *arena, struct str text);

/* 0 (nothing in common) to 1 (the same words): twice the common ones over all (Dice). */
double words_similarity(const struct words *a, const struct words *b);

/* The same for two texts. */
double text_similarity(struct str a, struct str b);

#endif
