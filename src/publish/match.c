/* Pairs the findings of a run with those posted earlier. */
#include "publish/match.h"

#include <stdlib.h>

#include "base/vec.h"
#include "finding/similar.h"

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
	double by_title = text_similarity(finding->title, standing->record.title);
	double whole;

	if (!standing->comment)
		return by_title;
	whole = text_similarity(arena_printf(arena, "%.*s %.*s", STR_ARG(finding->title),
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
			double similarity;

			if (!same_code && (!str_eq(finding->path, other->record.path) ||
					   !overlaps(finding, other)))
				continue;
			similarity = similarity_of(arena, finding, other);
			if (!same_code && standing_is_closed(other) && similarity < MATCH_SIMILAR)
				continue;
			VEC_PUSH(pairs, (struct pair){
						.finding = finding,
						.finding_idx = i,
						.standing = other,
						.same_code = same_code,
						.similarity = similarity,
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
