/* Pairs the findings of a run with those posted earlier. */
#include "publish/match.h"

#include <stdlib.h>

#include "base/breathe.h"
#include "base/vec.h"
#include "finding/merge.h"
#include "publish/comment_text.h"

struct pair {
	struct finding *finding;
	size_t finding_idx;
	struct standing_finding *standing;
	bool same_code;
	bool same_lines;
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

/* What an earlier run said, as a finding of this one. */
static struct claim claim_of_standing(struct arena *arena, const struct standing_finding *standing)
{
	const struct state_finding *record = &standing->record;
	struct finding *finding = ARENA_NEW(arena, struct finding);
	struct claim claim;

	*finding = (struct finding){
		.path = record->path,
		.line = standing->first_line,
		.end_line = standing->last_line,
		.side = record->left ? SIDE_LEFT : SIDE_RIGHT,
		.title = record->title,
		.body = record->body,
		.placement = standing->last_line ? PLACEMENT_INLINE : PLACEMENT_SUMMARY,
		.id = record->id,
	};
	if (standing->comment)
		finding->body = comment_text_body(standing->comment->body, arena);
	claim = claim_of(arena, finding);
	claim.earlier = true;
	return claim;
}

static double similarity_of(const struct claim *claim, const struct claim *other)
{
	double by_title = words_similarity(&claim->title, &other->title);

	if (!other->finding->body.len)
		return by_title;
	return MAX_OF(by_title, words_similarity(&claim->text, &other->text));
}

/*
 * Whether what a person closed is another problem than the finding on its lines, which it must not hide.  Where the
 * text is lost the title decides.
 */
static bool is_other_than_closed(const struct pair *pair, const struct claim *other, double same)
{
	return !pair->same_code && standing_is_closed(pair->standing) && same <= 0 &&
	       (other->finding->body.len > 0 || pair->similarity < MATCH_SIMILAR);
}

/* Adds the pair of two that may be the same. */
static void add_pair(struct pairs *pairs, const struct claim *claim, const struct claim *other,
		     struct pair pair)
{
	double same;

	pair.same_code = str_eq(pair.finding->id, pair.standing->record.id);
	if (!pair.same_code && !str_eq(pair.finding->path, pair.standing->record.path))
		return;
	same = claims_sameness(claim, other);
	pair.same_lines = overlaps(pair.finding, pair.standing);
	if (!pair.same_code && same <= 0 && !pair.same_lines)
		return;
	pair.similarity = MAX_OF(same, similarity_of(claim, other));
	if (!is_other_than_closed(&pair, other, same))
		VEC_PUSH(pairs, pair);
}

static void collect(struct findings *findings, struct standing *standing, struct arena *arena,
		    struct pairs *pairs)
{
	struct claim *claims = ARENA_ARRAY(arena, struct claim, findings->len + 1);

	for (size_t i = 0; i < findings->len; i++)
		claims[i] = claim_of(arena, &findings->items[i]);
	for (size_t j = 0; j < standing->findings.len; j++) {
		struct standing_finding *other = &standing->findings.items[j];
		struct claim said = claim_of_standing(arena, other);

		breathe();
		for (size_t i = 0; i < findings->len; i++)
			add_pair(pairs, &claims[i], &said,
				 (struct pair){
					 .finding = &findings->items[i],
					 .finding_idx = i,
					 .standing = other,
				 });
	}
}

/* Best first; equal ones in the order of the lists. */
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
	if (first->same_lines != second->same_lines)
		return first->same_lines ? -1 : 1;
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
