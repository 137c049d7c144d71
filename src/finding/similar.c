/* Measures the similarity of two texts, by their words. */
#include "finding/similar.h"

#include <stdlib.h>

#include "base/ascii.h"
#include "finding/fold.h"

/* Words without meaning for the subject; sorted. */
static const struct str common_words[] = {
	STR_INIT("a"),      STR_INIT("an"),   STR_INIT("and"),   STR_INIT("are"),
	STR_INIT("as"),     STR_INIT("at"),   STR_INIT("be"),    STR_INIT("because"),
	STR_INIT("been"),   STR_INIT("but"),  STR_INIT("by"),    STR_INIT("can"),
	STR_INIT("could"),  STR_INIT("does"), STR_INIT("for"),   STR_INIT("from"),
	STR_INIT("has"),    STR_INIT("have"), STR_INIT("here"),  STR_INIT("if"),
	STR_INIT("in"),     STR_INIT("into"), STR_INIT("is"),    STR_INIT("it"),
	STR_INIT("its"),    STR_INIT("may"),  STR_INIT("might"), STR_INIT("no"),
	STR_INIT("not"),    STR_INIT("of"),   STR_INIT("on"),    STR_INIT("or"),
	STR_INIT("should"), STR_INIT("so"),   STR_INIT("than"),  STR_INIT("that"),
	STR_INIT("the"),    STR_INIT("then"), STR_INIT("there"), STR_INIT("this"),
	STR_INIT("to"),     STR_INIT("was"),  STR_INIT("when"),  STR_INIT("which"),
	STR_INIT("will"),   STR_INIT("with"), STR_INIT("would"),
};

enum { STEM_LEN = 6 };

static bool is_plain(struct str word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] < 'a' || word.ptr[i] > 'z')
			return false;
	}
	return true;
}

static bool is_common(struct str word)
{
	return bsearch(&word, common_words, ARRAY_LEN(common_words), sizeof(word),
		       str_compare_items) != NULL;
}

/* English words differ in their endings; names in code do not. */
static struct str stem(struct str word)
{
	if (!is_plain(word))
		return word;
	if (word.len > 3 && word.ptr[word.len - 1] == 's')
		word.len--;
	return str_slice(word, 0, STEM_LEN);
}

static int compare_hashes(const void *a, const void *b)
{
	uint32_t first = *(const uint32_t *)a;
	uint32_t second = *(const uint32_t *)b;

	return first < second ? -1 : first > second;
}

/* Removes the next word, in lower case, from `rest`. */
static bool next_word(struct str *rest, char *word, size_t size, struct str *taken)
{
	size_t at = 0;
	size_t len = 0;

	while (at < rest->len && !fold_is_word(rest->ptr[at]))
		at++;
	if (at == rest->len)
		return false;
	for (; at < rest->len && fold_is_word(rest->ptr[at]); at++) {
		char c = rest->ptr[at];

		if (len < size)
			word[len++] = ascii_to_lower(c);
	}
	*taken = str_of(word, len);
	*rest = str_skip(*rest, at);
	return true;
}

struct words words_of(struct arena *arena, struct str text)
{
	uint32_t hashes[WORDS_MAX];
	struct words words = {0};
	char space[64];
	struct str word;
	size_t len = 0;

	while (len < WORDS_MAX && next_word(&text, space, sizeof(space), &word)) {
		if (!is_common(word))
			hashes[len++] = (uint32_t)(str_hash(stem(word)) >> 16);
	}
	qsort(hashes, len, sizeof(*hashes), compare_hashes);
	words.hashes = ARENA_ARRAY(arena, uint32_t, len);
	for (size_t i = 0; i < len; i++) {
		if (!words.len || words.hashes[words.len - 1] != hashes[i])
			words.hashes[words.len++] = hashes[i];
	}
	return words;
}

double words_similarity(const struct words *a, const struct words *b)
{
	size_t common = 0;
	size_t i = 0;
	size_t j = 0;

	if (!a->len || !b->len)
		return 0;
	while (i < a->len && j < b->len) {
		if (a->hashes[i] == b->hashes[j]) {
			common++;
			i++;
			j++;
		} else if (a->hashes[i] < b->hashes[j]) {
			i++;
		} else {
			j++;
		}
	}
	return 2.0 * (double)common / (double)(a->len + b->len);
}

double text_similarity(struct str a, struct str b)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct words first = words_of(&arena, a);
	struct words second = words_of(&arena, b);

	return words_similarity(&first, &second);
}
