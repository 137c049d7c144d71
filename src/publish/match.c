/* Pairs the findings of a run with those that stand already. */
#include "publish/match.h"

#include <stdlib.h>

#include "base/vec.h"

enum { WORDS_MAX = 400 };

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (unsigned char)c >= 0x80;
}

/* The hash of a word, its letters in lower case. */
static uint64_t word_hash(struct str word)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < word.len; i++) {
		unsigned char c = (unsigned char)word.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + 32);
		hash = (hash ^ c) * 1099511628211u;
	}
	return hash;
}

static int compare_hashes(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a;
	uint64_t second = *(const uint64_t *)b;

	return first < second ? -1 : first > second;
}

/* The distinct words of a text, as sorted hashes. */
static size_t words_of(struct str text, uint64_t words[WORDS_MAX])
{
	size_t len = 0;
	size_t kept = 0;

	for (size_t i = 0; i < text.len && len < WORDS_MAX; i++) {
		size_t start = i;

		while (i < text.len && is_word_char(text.ptr[i]))
			i++;
		if (i > start)
			words[len++] = word_hash(str_slice(text, start, i - start));
	}
	qsort(words, len, sizeof(*words), compare_hashes);
	for (size_t i = 0; i < len; i++) {
		if (!kept || words[kept - 1] != words[i])
			words[kept++] = words[i];
	}
	return kept;
}

double match_similarity(struct str a, struct str b)
{
	uint64_t first[WORDS_MAX];
	uint64_t second[WORDS_MAX];
	size_t first_len = words_of(a, first);
	size_t second_len = words_of(b, second);
	size_t common = 0;
	size_t i = 0;
	size_t j = 0;

	if (!first_len || !second_len)
		return 0;
	while (i < first_len && j < second_len) {
		if (first[i] == second[j])
			common++;
		if (first[i] <= second[j]) {
			j += first[i] == second[j];
			i++;
		} else {
			j++;
		}
	}
	return 2.0 * (double)common / (double)(first_len + second_len);
}

struct pair {
	struct finding *finding;
	size_t finding_idx;
	struct standing_finding *standing;
	bool same_code;
	double similarity;
};

struct pairs {
	VEC_FIELDS(struct pair);
};

static bool overlaps(const struct finding *finding, const struct standing_finding *standing)
{
	return finding->placement != PLACEMENT_SUMMARY && finding->line && standing->last_line &&
	       (finding->side == SIDE_LEFT) == standing->record.left &&
	       finding->line <= standing->last_line && finding->end_line >= standing->first_line;
}

static double similarity_of(struct arena *arena, const struct finding *finding,
			    const struct standing_finding *standing)
{
	double by_title = match_similarity(finding->title, standing->record.title);
	double whole;

	if (!standing->comment)
		return by_title;
	whole = match_similarity(arena_printf(arena, "%.*s %.*s", STR_ARG(finding->title),
					      STR_ARG(finding->body)),
				 standing->text);
	return MAX_OF(by_title, whole);
}

static void collect(struct findings *findings, struct standing *standing, struct arena *arena,
		    struct pairs *pairs)
{
	for (size_t i = 0; i < findings->len; i++) {
		struct finding *finding = &findings->items[i];

		for (size_t j = 0; j < standing->findings.len; j++) {
			struct standing_finding *other = &standing->findings.items[j];
			bool same_code = str_eq(finding->id, other->record.id);

			if (!same_code && (!str_eq(finding->path, other->record.path) ||
					   !overlaps(finding, other)))
				continue;
			VEC_PUSH(pairs, (struct pair){
						.finding = finding,
						.finding_idx = i,
						.standing = other,
						.same_code = same_code,
						.similarity = similarity_of(arena, finding, other),
					});
		}
	}
}

/* Best first; where all is equal, in the order in which they stand. */
static int compare_pairs(const void *a, const void *b)
{
	const struct pair *first = a;
	const struct pair *second = b;

	if (first->same_code != second->same_code)
		return first->same_code ? -1 : 1;
	if (first->similarity > second->similarity)
		return -1;
	if (first->similarity < second->similarity)
		return 1;
	if (first->standing != second->standing)
		return first->standing < second->standing ? -1 : 1;
	return first->finding_idx < second->finding_idx ? -1 : 1;
}

void match_findings(struct findings *findings, struct standing *standing,
		    struct standing_finding **matches)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct pairs pairs = {0};

	for (size_t i = 0; i < findings->len; i++)
		matches[i] = NULL;
	collect(findings, standing, &arena, &pairs);
	if (pairs.len)
		qsort(pairs.items, pairs.len, sizeof(*pairs.items), compare_pairs);
	for (size_t i = 0; i < pairs.len; i++) {
		struct pair *pair = &pairs.items[i];

		if (matches[pair->finding_idx] || pair->standing->fate == FATE_MATCHED)
			continue;
		matches[pair->finding_idx] = pair->standing;
		pair->standing->fate = FATE_MATCHED;
		pair->standing->match = pair->finding;
	}
	VEC_RELEASE(&pairs);
}
