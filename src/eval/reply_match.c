/* Which finding of a reply is which expected one: one to one, by place and words, the same every time. */
#include "eval/reply_match.h"

#include <stdlib.h>

#include "finding/similar.h"
#include "value/pattern.h"

const char *const verdict_names[] = {"hit",   "duplicate", "allowed", "known-false",
				     "noise", "not-shown", NULL};

struct row_pair {
	int row, finding;
	int64_t common;   /* lines that both have */
	int64_t distance; /* lines between them; 0 when they overlap */
};

static int64_t common_lines(const struct expectation *row, const struct eval_finding *finding)
{
	int64_t from = MAX_OF((int64_t)row->line, finding->line);
	int64_t to = MIN_OF((int64_t)row->end_line, finding->end_line);

	return to - from + 1; /* 0 or less: how many lines are between them, negated */
}

bool match_lines_fit(const struct expectation *row, const struct eval_finding *finding)
{
	if (!row->path.len)
		return true;
	if (!str_eq(row->path, finding->path))
		return false;
	if (!row->line || !finding->line)
		return true;
	return row->side == finding->side &&
	       common_lines(row, finding) > -(int64_t)MATCH_LINES_NEAR;
}

static bool words_fit(const struct expectation *row, const struct eval_finding *finding)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str said =
		arena_printf(&arena, "%.*s\n%.*s", STR_ARG(finding->title), STR_ARG(finding->body));

	if (row->says.len)
		return pattern_matches(row->says, said);
	if (row->text.len)
		return text_similarity(row->text, said) >= MATCH_WORDS_ALIKE;
	/* No words to compare: the lines alone decide, and without lines on both sides nothing fits. */
	return row->line != 0 && finding->line != 0;
}

/* The judge's verdict on a pair, or `words`. */
static bool judged(const struct eval_reply *reply, int row, int finding, bool words)
{
	const struct eval_verdict *verdicts = reply->judged.items;

	for (size_t i = 0; i < reply->judged.len; i++) {
		if (verdicts[i].expected == row && verdicts[i].finding == finding)
			return verdicts[i].same;
	}
	return words;
}

static int compare_pairs(const void *a, const void *b)
{
	const struct row_pair *first = a;
	const struct row_pair *second = b;

	if (first->common != second->common)
		return first->common > second->common ? -1 : 1;
	if (first->distance != second->distance)
		return first->distance < second->distance ? -1 : 1;
	if (first->finding != second->finding)
		return first->finding < second->finding ? -1 : 1;
	return (first->row > second->row) - (first->row < second->row);
}

static bool is_shown(const struct eval_finding *finding)
{
	return finding->shown == SHOWN_INLINE || finding->shown == SHOWN_SUMMARY;
}

/* The state of matching one list of rows. */
struct pair_search {
	const struct eval_case *item;
	const struct eval_reply *reply;
	struct match *match;
	struct row_pair *pairs;
	size_t len;
};

static void collect_pairs(struct pair_search *search, const struct list *rows, bool expected)
{
	const struct expectation *row = rows->items;
	const struct eval_finding *finding = search->reply->findings.items;

	search->len = 0;
	for (size_t i = 0; i < rows->len; i++) {
		for (size_t j = 0; j < search->reply->findings.len; j++) {
			bool fits;
			int64_t common;

			if (!is_shown(&finding[j]) || !match_lines_fit(&row[i], &finding[j]))
				continue;
			fits = words_fit(&row[i], &finding[j]);
			if (expected)
				fits = judged(search->reply, (int)i, (int)j, fits);
			if (expected && !fits)
				search->match->near[i] = true;
			if (!fits)
				continue;
			common = row[i].line && finding[j].line ? common_lines(&row[i], &finding[j])
								: 0;
			search->pairs[search->len++] = (struct row_pair){
				.row = (int)i,
				.finding = (int)j,
				.common = MAX_OF(common, 0),
				.distance = common < 0 ? -common : 0,
			};
		}
	}
	qsort(search->pairs, search->len, sizeof(*search->pairs), compare_pairs);
}

/* Gives the verdict to every finding that fits a row and is still noise. */
static void mark(struct pair_search *search, const struct list *rows, enum finding_verdict verdict)
{
	struct match *match = search->match;

	collect_pairs(search, rows, false);
	for (size_t i = 0; i < search->len; i++) {
		int finding = search->pairs[i].finding;

		if (match->verdicts[finding] != VERDICT_NOISE)
			continue;
		match->verdicts[finding] = verdict;
		match->of_finding[finding] = search->pairs[i].row;
	}
}

static void mark_expected(struct pair_search *search)
{
	struct match *match = search->match;

	collect_pairs(search, &search->item->expect, true);
	for (size_t i = 0; i < search->len; i++) {
		const struct row_pair *pair = &search->pairs[i];

		if (match->of_expected[pair->row] >= 0 ||
		    match->verdicts[pair->finding] != VERDICT_NOISE)
			continue;
		match->of_expected[pair->row] = pair->finding;
		match->verdicts[pair->finding] = VERDICT_HIT;
		match->of_finding[pair->finding] = pair->row;
	}
	for (size_t i = 0; i < search->len; i++) {
		const struct row_pair *pair = &search->pairs[i];

		if (match->verdicts[pair->finding] != VERDICT_NOISE)
			continue;
		match->verdicts[pair->finding] = VERDICT_DUPLICATE;
		match->of_finding[pair->finding] = pair->row;
	}
}

struct match match_reply(struct arena *arena, const struct eval_case *item,
			 const struct eval_reply *reply)
{
	size_t rows = MAX_OF(item->expect.len, MAX_OF(item->allow.len, item->forbid.len));
	size_t findings = reply->findings.len;
	const struct eval_finding *finding = reply->findings.items;
	struct match match = {
		.verdicts = ARENA_ARRAY(arena, enum finding_verdict, findings + 1),
		.of_finding = ARENA_ARRAY(arena, int, findings + 1),
		.of_expected = ARENA_ARRAY(arena, int, item->expect.len + 1),
		.near = ARENA_ARRAY(arena, bool, item->expect.len + 1),
	};
	struct pair_search search = {
		.item = item,
		.reply = reply,
		.match = &match,
		.pairs = ARENA_ARRAY(arena, struct row_pair, rows * findings + 1),
	};

	for (size_t i = 0; i < item->expect.len; i++)
		match.of_expected[i] = -1;
	for (size_t i = 0; i < findings; i++) {
		match.of_finding[i] = -1;
		match.verdicts[i] = is_shown(&finding[i]) ? VERDICT_NOISE : VERDICT_NOT_SHOWN;
	}
	mark_expected(&search);
	mark(&search, &item->forbid, VERDICT_KNOWN_FALSE);
	mark(&search, &item->allow, VERDICT_ALLOWED);
	return match;
}

static bool has_verdict(const struct eval_reply *reply, size_t row, size_t finding)
{
	const struct eval_verdict *verdicts = reply->judged.items;

	for (size_t i = 0; i < reply->judged.len; i++) {
		if (verdicts[i].expected == (int64_t)row && verdicts[i].finding == (int64_t)finding)
			return true;
	}
	return false;
}

/* Adds the pairs of one row. */
static size_t add_undecided(const struct eval_case *item, const struct eval_reply *reply,
			    const struct match *match, size_t row, struct undecided *pairs)
{
	const struct expectation *rows = item->expect.items;
	const struct eval_finding *findings = reply->findings.items;
	size_t len = 0;

	for (size_t i = 0; i < reply->findings.len; i++) {
		if (match->verdicts[i] == VERDICT_NOISE &&
		    match_lines_fit(&rows[row], &findings[i]) && !has_verdict(reply, row, i))
			pairs[len++] = (struct undecided){row, i};
	}
	return len;
}

size_t match_undecided(struct arena *arena, const struct eval_case *item,
		       const struct eval_reply *reply, struct undecided **pairs)
{
	struct match match = match_reply(arena, item, reply);
	size_t len = 0;

	*pairs = ARENA_ARRAY(arena, struct undecided, item->expect.len * reply->findings.len + 1);
	for (size_t i = 0; i < item->expect.len; i++) {
		if (match.of_expected[i] < 0)
			len += add_undecided(item, reply, &match, i, *pairs + len);
	}
	for (size_t i = 0; i < item->expect.len; i++) {
		if (match.of_expected[i] >= 0)
			len += add_undecided(item, reply, &match, i, *pairs + len);
	}
	return len;
}
