/* How alike two texts are: Dice's coefficient over their sets of words. */
#include "finding/similar.h"

#include <stdlib.h>

enum { WORDS_MAX = 400 };

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (unsigned char)c >= 0x80;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t hash_word(struct str text, size_t *at)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *at < text.len && is_word(text.ptr[*at]); ++*at) {
		char c = text.ptr[*at];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		hash = (hash ^ (unsigned char)c) * UINT64_C(0x100000001b3);
	}
	return hash;
}

/* The set of words as sorted hashes without repetitions. */
static size_t collect(struct str text, uint64_t *words)
{
	size_t len = 0;
	size_t kept = 0;

	for (size_t i = 0; i < text.len && len < WORDS_MAX;) {
		if (is_word(text.ptr[i]))
			words[len++] = hash_word(text, &i);
		else
			i++;
	}
	qsort(words, len, sizeof(*words), compare);
	for (size_t i = 0; i < len; i++) {
		if (!i || words[i] != words[i - 1])
			words[kept++] = words[i];
	}
	return kept;
}

double text_similarity(struct str a, struct str b)
{
	uint64_t first[WORDS_MAX];
	uint64_t second[WORDS_MAX];
	size_t first_len = collect(a, first);
	size_t second_len = collect(b, second);
	size_t common = 0;

	for (size_t i = 0, j = 0; i < first_len && j < second_len;) {
		bool same = first[i] == second[j];
		bool advance = first[i] <= second[j];

		common += same;
		j += same || !advance;
		i += advance;
	}
	if (!first_len && !second_len)
		return 1;
	return 2.0 * (double)common / (double)(first_len + second_len);
}
