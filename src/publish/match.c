/* Pairs the findings of a run with those posted earlier. */
#include "publish/match.h"

#include <stdlib.h>

#include "base/breathe.h"
#include "base/vec.h"
#include "finding/merge.h"
#include "publish/comment_text.h"

struct match_pair {
	struct finding *finding;
	size_t finding_idx;
	struct previous_finding *previous;
	bool same_code;
	bool same_lines;
	double similarity;
};

struct match_pairs {
	VEC_FIELDS(struct match_pair);
};

static bool overlaps(const struct finding *finding, const struct previous_finding *previous)
{
	return finding->placement != PLACEMENT_SUMMARY && finding->line && previous->last_line &&
	       (finding->side == SIDE_LEFT) == previous->record.left &&
	       finding->line <= previous->last_line && finding->end_line >= previous->first_line;
}

/* A finding of an earlier run, in the form of one of this run. */
static struct claim claim_of_previous(struct arena *arena, const struct previous_finding *previous)
{
	const struct state_finding *record = &previous->record;
	struct finding *finding = ARENA_NEW(arena, struct finding);
	struct claim claim;

	*finding = (struct finding){
		.path = record->path,
		.line = previous->first_line,
		.end_line = previous->last_line,
		.side = record->left ? SIDE_LEFT : SIDE_RIGHT,
		.title = record->title,
		.body = record->body,
		.placement = previous->last_line ? PLACEMENT_INLINE : PLACEMENT_SUMMARY,
		.id = record->id,
	};
	if (previous->comment)
		finding->body = comment_text_body(previous->comment->body, arena);
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
 * Whether a finding that a person closed reports another problem than the finding on its lines,
 * which it must not hide. If its text is lost, the title decides.
 */
static bool is_other_than_closed(const struct match_pair *pair, const struct claim *other,
				 double same)
{
	return !pair->same_code && previous_is_closed(pair->previous) && same <= 0 &&
	       (other->finding->body.len > 0 || pair->similarity < MATCH_SIMILAR);
}

/* Adds a pair of findings that may be the same. */
static void add_pair(struct match_pairs *pairs, const struct claim *claim,
		     const struct claim *other, struct match_pair pair)
{
	double same;

	pair.same_code = str_eq(pair.finding->id, pair.previous->record.id);
	if (!pair.same_code && !str_eq(pair.finding->path, pair.previous->record.path))
		return;
	same = claims_sameness(claim, other);
	pair.same_lines = overlaps(pair.finding, pair.previous);
	if (!pair.same_code && same <= 0 && !pair.same_lines)
		return;
	pair.similarity = MAX_OF(same, similarity_of(claim, other));
	if (!is_other_than_closed(&pair, other, same))
		VEC_PUSH(pairs, pair);
}

static void collect(struct findings *findings, struct previous *previous, struct arena *arena,
		    struct match_pairs *pairs)
{
	struct claim *claims = ARENA_ARRAY(arena, struct claim, findings->len + 1);

	for (size_t i = 0; i < findings->len; i++)
		claims[i] = claim_of(arena, &findings->items[i]);
	for (size_t j = 0; j < previous->findings.len; j++) {
		struct previous_finding *other = &previous->findings.items[j];
		struct claim said = claim_of_previous(arena, other);

		breathe();
		for (size_t i = 0; i < findings->len; i++)
			add_pair(pairs, &claims[i], &said,
				 (struct match_pair){
					 .finding = &findings->items[i],
					 .finding_idx = i,
					 .previous = other,
				 });
	}
}

/* Best first; pairs of equal quality in the order of the lists. */
static int compare_pairs(const void *a, const void *b)
{
	const struct match_pair *first = a;
	const struct match_pair *second = b;

	if (first->same_code != second->same_code)
		return first->same_code ? -1 : 1;
	if (first->similarity > second->similarity)
		return -1;
	if (first->similarity < second->similarity)
		return 1;
	if (first->same_lines != second->same_lines)
		return first->same_lines ? -1 : 1;
	if (first->previous != second->previous)
		return first->previous < second->previous ? -1 : 1;
	return first->finding_idx < second->finding_idx ? -1 : 1;
}

void match_findings(struct findings *findings, struct previous *previous,
		    struct previous_finding **matches)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct match_pairs pairs = {0};

	for (size_t i = 0; i < findings->len; i++)
		matches[i] = NULL;
	collect(findings, previous, &arena, &pairs);
	if (pairs.len)
		qsort(pairs.items, pairs.len, sizeof(*pairs.items), compare_pairs);
	for (size_t i = 0; i < pairs.len; i++) {
		struct match_pair *pair = &pairs.items[i];

		if (matches[pair->finding_idx] || pair->previous->fate == FATE_MATCHED)
			continue;
		matches[pair->finding_idx] = pair->previous;
		pair->previous->fate = FATE_MATCHED;
		pair->previous->match = pair->finding;
	}
	VEC_RELEASE(&pairs);
}
