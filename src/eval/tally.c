/* Counts the findings of replies against what their cases expect. */
#include "eval/tally.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct scores scores_make(struct arena *arena, const struct eval_case *cases, size_t cases_len,
			  const struct eval_results *results)
{
	const struct eval_reply *replies = results->replies.items;
	struct scores scores = {
		.cases = cases,
		.cases_len = cases_len,
		.items = ARENA_ARRAY(arena, struct scored_reply, results->replies.len + 1),
	};

	for (size_t i = 0; i < results->replies.len; i++) {
		struct scored_reply scored = {.reply = &replies[i], .case_idx = cases_len};

		for (size_t j = 0; j < cases_len && scored.case_idx == cases_len; j++) {
			if (str_eq(cases[j].name, replies[i].name))
				scored.case_idx = j;
		}
		if (scored.case_idx == cases_len) {
			scores.unknown++;
			continue;
		}
		scored.item = &cases[scored.case_idx];
		if (replies[i].complete)
			scored.match = match_reply(arena, scored.item, &replies[i]);
		scores.items[scores.len++] = scored;
	}
	return scores;
}

struct scores scores_without_judge(struct arena *arena, const struct eval_case *cases,
				   size_t cases_len, const struct eval_results *results)
{
	const struct eval_reply *replies = results->replies.items;
	struct eval_reply *copies = ARENA_ARRAY(arena, struct eval_reply, results->replies.len + 1);
	struct eval_results plain = *results;

	for (size_t i = 0; i < results->replies.len; i++) {
		copies[i] = replies[i];
		copies[i].judged = (struct list){0};
	}
	plain.replies.items = copies;
	return scores_make(arena, cases, cases_len, &plain);
}

/* ---- What belongs to a part ---- */

bool part_has_case(const struct eval_case *item, const struct part *part)
{
	if (part->tuning && item->held_out)
		return false;
	return !part->language.len || str_eq(item->language, part->language);
}

static bool row_in_part(const struct expectation *row, const struct part *part)
{
	if (part->agent.len && row->agents.len && !strings_have(&row->agents, part->agent))
		return false;
	if (part->category.len && !strings_have(&row->category, part->category))
		return false;
	return !part->context.len || str_eq(row->context, part->context);
}

/* Returns the row that a finding hit or repeats, or NULL. */
static const struct expectation *row_of(const struct scored_reply *scored, size_t finding)
{
	const struct expectation *rows = scored->item->expect.items;
	int row = scored->match.of_finding[finding];

	if (scored->match.verdicts[finding] != VERDICT_HIT &&
	    scored->match.verdicts[finding] != VERDICT_DUPLICATE)
		return NULL;
	return row >= 0 ? &rows[row] : NULL;
}

/* A finding counts in the category and context of its row, and without a row in its own category. */
bool part_has_finding(const struct scored_reply *scored, size_t idx, const struct part *part)
{
	const struct eval_finding *finding = scored->reply->findings.items;
	const struct expectation *row = row_of(scored, idx);

	if (part->agent.len && !strings_have(&finding[idx].agents, part->agent))
		return false;
	if (part->model.len && !strings_have(&finding[idx].models, part->model))
		return false;
	if (row && (part->category.len || part->context.len))
		return row_in_part(row, &(struct part){.category = part->category,
						       .context = part->context});
	if (part->category.len && !str_eq(finding[idx].category, part->category))
		return false;
	return !part->context.len;
}

/* ---- Counting ---- */

static void count_expected(struct tally *tally, const struct scored_reply *scored,
			   const struct part *part, double weight)
{
	const struct expectation *rows = scored->item->expect.items;
	const struct eval_finding *findings = scored->reply->findings.items;

	for (size_t i = 0; i < scored->item->expect.len; i++) {
		int found = scored->match.of_expected[i];
		bool high = rows[i].severity >= 0 && rows[i].severity <= SEVERITY_HIGH;
		bool hit = found >= 0 && part_has_finding(scored, (size_t)found, part);

		if (!row_in_part(&rows[i], part))
			continue;
		tally->expected += weight;
		tally->expected_high += high ? weight : 0;
		tally->hits += hit ? weight : 0;
		tally->hits_high += hit && high ? weight : 0;
		if (hit && rows[i].severity >= 0) {
			int away = abs(findings[found].severity - rows[i].severity);

			tally->graded += weight;
			tally->severity_near += away <= 1 ? weight : 0;
			tally->severity_exact += away == 0 ? weight : 0;
		}
	}
}

/* Whether a dropped finding would have hit an expected problem. */
static bool dropped_wrongly(const struct scored_reply *scored, size_t idx)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct eval_finding *findings = scored->reply->findings.items;
	struct eval_finding alone = findings[idx];
	struct eval_reply reply = {.findings = {.items = &alone, .len = 1}};

	alone.shown = SHOWN_INLINE;
	return match_reply(&arena, scored->item, &reply).verdicts[0] == VERDICT_HIT;
}

static void count_finding(struct tally *tally, const struct scored_reply *scored, size_t idx,
			  double weight)
{
	const struct eval_finding *finding = scored->reply->findings.items;

	tally->in_summary += finding[idx].shown == SHOWN_SUMMARY ? weight : 0;
	tally->unverified += finding[idx].shown == SHOWN_UNVERIFIED ? weight : 0;
	tally->preexisting += finding[idx].shown == SHOWN_PREEXISTING ? weight : 0;
	tally->hidden += finding[idx].shown == SHOWN_HIDDEN ? weight : 0;
	if (finding[idx].shown == SHOWN_DROPPED) {
		tally->dropped += weight;
		tally->dropped_wrongly += dropped_wrongly(scored, idx) ? weight : 0;
	}
	switch (scored->match.verdicts[idx]) {
	case VERDICT_NOISE:
		tally->noise += weight;
		break;
	case VERDICT_KNOWN_FALSE:
		tally->known_false += weight;
		break;
	case VERDICT_DUPLICATE:
		tally->duplicates += weight;
		break;
	case VERDICT_ALLOWED:
		tally->allowed += weight;
		break;
	case VERDICT_HIT: /* counted with the rows */
	case VERDICT_NOT_SHOWN:
		break;
	}
}

static size_t count_repeats(const struct scores *scores, size_t case_idx)
{
	size_t repeats = 0;

	for (size_t i = 0; i < scores->len; i++) {
		if (scores->items[i].case_idx == case_idx && scores->items[i].reply->complete)
			repeats++;
	}
	return repeats;
}

struct case_tally tally_case(const struct scores *scores, size_t case_idx, const struct part *part)
{
	struct case_tally result = {.repeats = count_repeats(scores, case_idx)};

	for (size_t i = 0; i < scores->len; i++) {
		const struct scored_reply *scored = &scores->items[i];
		struct tally before = result.tally;
		double weight = result.repeats ? 1.0 / (double)result.repeats : 0;

		if (scored->case_idx != case_idx || !scored->reply->complete)
			continue;
		count_expected(&result.tally, scored, part, weight);
		for (size_t j = 0; j < scored->reply->findings.len; j++) {
			if (part_has_finding(scored, j, part))
				count_finding(&result.tally, scored, j, weight);
		}
		if (result.tally.noise <= before.noise &&
		    result.tally.known_false <= before.known_false)
			result.silent += weight;
	}
	return result;
}

void tally_add(struct tally *sum, const struct tally *other)
{
	/* All members are doubles. */
	double *into = (double *)sum;
	const double *from = (const double *)other;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(double); i++)
		into[i] += from[i];
}
