/* The figures of an evaluation: precision, recall, noise and cost, of everything or of one part. */
#include "eval/figures.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

const char *const dimension_names[DIMENSION_COUNT] = {"agent", "model", "category", "context",
						      "language"};

struct scoring scoring_make(struct arena *arena, const struct eval_case *cases, size_t cases_len,
			    const struct eval_results *results)
{
	const struct eval_reply *replies = results->replies.items;
	struct scoring scoring = {
		.cases = cases,
		.cases_len = cases_len,
		.items = ARENA_ARRAY(arena, struct scored, results->replies.len + 1),
	};

	for (size_t i = 0; i < results->replies.len; i++) {
		struct scored scored = {.reply = &replies[i], .case_idx = cases_len};

		for (size_t j = 0; j < cases_len && scored.case_idx == cases_len; j++) {
			if (str_eq(cases[j].name, replies[i].name))
				scored.case_idx = j;
		}
		if (scored.case_idx == cases_len) {
			scoring.unknown++;
			continue;
		}
		scored.item = &cases[scored.case_idx];
		if (replies[i].complete)
			scored.match = match_reply(arena, scored.item, &replies[i]);
		scoring.items[scoring.len++] = scored;
	}
	return scoring;
}

struct scoring scoring_without_judge(struct arena *arena, const struct eval_case *cases,
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
	return scoring_make(arena, cases, cases_len, &plain);
}

/* ---- What belongs to a part ---- */

static bool list_has(const struct strings *list, struct str value)
{
	for (size_t i = 0; i < list->len; i++) {
		if (str_eq(list->items[i], value))
			return true;
	}
	return false;
}

static bool case_in_part(const struct eval_case *item, const struct part *part)
{
	if (part->tuning && item->held_out)
		return false;
	return !part->language.len || str_eq(item->language, part->language);
}

static bool row_in_part(const struct expectation *row, const struct part *part)
{
	if (part->agent.len && row->agents.len && !list_has(&row->agents, part->agent))
		return false;
	if (part->category.len && !list_has(&row->category, part->category))
		return false;
	return !part->context.len || str_eq(row->context, part->context);
}

/* The row that a finding hit, or NULL. */
static const struct expectation *row_of(const struct scored *scored, size_t finding)
{
	const struct expectation *rows = scored->item->expect.items;
	int row = scored->match.of_finding[finding];

	if (scored->match.verdicts[finding] != VERDICT_HIT &&
	    scored->match.verdicts[finding] != VERDICT_DUPLICATE)
		return NULL;
	return row >= 0 ? &rows[row] : NULL;
}

/* A finding counts in the category and context of the row that it hit, else in its own category. */
static bool finding_in_part(const struct scored *scored, size_t idx, const struct part *part)
{
	const struct eval_finding *finding = scored->reply->findings.items;
	const struct expectation *row = row_of(scored, idx);

	if (part->agent.len && !list_has(&finding[idx].agents, part->agent))
		return false;
	if (part->model.len && !list_has(&finding[idx].models, part->model))
		return false;
	if (row && (part->category.len || part->context.len))
		return row_in_part(row, &(struct part){.category = part->category,
						       .context = part->context});
	if (part->category.len && !str_eq(finding[idx].category, part->category))
		return false;
	return !part->context.len;
}

/* ---- Counting ---- */

static void count_expected(struct tally *tally, const struct scored *scored,
			   const struct part *part, double weight)
{
	const struct expectation *rows = scored->item->expect.items;
	const struct eval_finding *findings = scored->reply->findings.items;

	for (size_t i = 0; i < scored->item->expect.len; i++) {
		int found = scored->match.of_expected[i];
		bool high = rows[i].severity >= 0 && rows[i].severity <= SEVERITY_HIGH;
		bool hit = found >= 0 && finding_in_part(scored, (size_t)found, part);

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
static bool dropped_wrongly(const struct scored *scored, size_t idx)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct eval_finding *findings = scored->reply->findings.items;
	struct eval_finding alone = findings[idx];
	struct eval_reply reply = {.findings = {.items = &alone, .len = 1}};

	alone.shown = SHOWN_INLINE;
	return match_reply(&arena, scored->item, &reply).verdicts[0] == VERDICT_HIT;
}

static void count_finding(struct tally *tally, const struct scored *scored, size_t idx,
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

/* One case of a run: its counts, averaged over the repeats that are complete. */
struct case_tally {
	struct tally tally;
	double silent; /* share of repeats without noise */
	size_t repeats;
};

static size_t count_repeats(const struct scoring *scoring, size_t case_idx)
{
	size_t repeats = 0;

	for (size_t i = 0; i < scoring->len; i++) {
		if (scoring->items[i].case_idx == case_idx && scoring->items[i].reply->complete)
			repeats++;
	}
	return repeats;
}

static struct case_tally tally_case(const struct scoring *scoring, size_t case_idx,
				    const struct part *part)
{
	struct case_tally result = {.repeats = count_repeats(scoring, case_idx)};

	for (size_t i = 0; i < scoring->len; i++) {
		const struct scored *scored = &scoring->items[i];
		struct tally before = result.tally;
		double weight = result.repeats ? 1.0 / (double)result.repeats : 0;

		if (scored->case_idx != case_idx || !scored->reply->complete)
			continue;
		count_expected(&result.tally, scored, part, weight);
		for (size_t j = 0; j < scored->reply->findings.len; j++) {
			if (finding_in_part(scored, j, part))
				count_finding(&result.tally, scored, j, weight);
		}
		if (result.tally.noise <= before.noise &&
		    result.tally.known_false <= before.known_false)
			result.silent += weight;
	}
	return result;
}

static void tally_add(struct tally *sum, const struct tally *other)
{
	/* All members are doubles. */
	double *into = (double *)sum;
	const double *from = (const double *)other;

	for (size_t i = 0; i < sizeof(*sum) / sizeof(double); i++)
		into[i] += from[i];
}

/* ---- Figures over cases, and their intervals ---- */

enum figure { PRECISION, RECALL, RECALL_HIGH, F1, F05, NOISE_PER_CLEAN };

/* The cases that count, and those of another run when two are compared. */
struct sample {
	const struct case_tally *ours, *theirs; /* one a case; theirs: NULL */
	const bool *clean;
	enum figure which;
};

static double ratio(double part, double whole)
{
	return whole > 0 ? part / whole : NAN;
}

static double figure_of_sum(const struct tally *sum, enum figure which)
{
	double precision = ratio(sum->hits, sum->hits + sum->noise + sum->known_false);
	double recall = ratio(sum->hits, sum->expected);

	switch (which) {
	case PRECISION:
		return precision;
	case RECALL:
		return recall;
	case RECALL_HIGH:
		return ratio(sum->hits_high, sum->expected_high);
	case F1:
		return stats_f(isnan(precision) && !isnan(recall) ? 0 : precision, recall, 1);
	default:
		return stats_f(isnan(precision) && !isnan(recall) ? 0 : precision, recall, 0.5);
	}
}

static double figure_of(const struct case_tally *cases, const struct sample *sample,
			const size_t *picked, size_t count)
{
	struct tally sum = {0};
	size_t clean = 0;

	for (size_t i = 0; i < count; i++) {
		if (sample->which == NOISE_PER_CLEAN && !sample->clean[picked[i]])
			continue;
		clean++;
		tally_add(&sum, &cases[picked[i]].tally);
	}
	if (sample->which == NOISE_PER_CLEAN)
		return ratio(sum.noise + sum.known_false, (double)clean);
	return figure_of_sum(&sum, sample->which);
}

static double sample_figure(const void *ctx, const size_t *picked, size_t count)
{
	const struct sample *sample = ctx;
	double ours = figure_of(sample->ours, sample, picked, count);

	return sample->theirs ? ours - figure_of(sample->theirs, sample, picked, count) : ours;
}

static struct interval interval_of(struct sample sample, enum figure which, size_t cases)
{
	sample.which = which;
	return stats_bootstrap(sample_figure, &sample, cases);
}

static void add_usage(struct figures *figures, const struct scoring *scoring,
		      const struct part *part)
{
	double *seconds = memory_grow(NULL, scoring->len + 1, sizeof(*seconds));
	size_t len = 0;

	for (size_t i = 0; i < scoring->len; i++) {
		const struct eval_reply *reply = scoring->items[i].reply;

		if (!case_in_part(scoring->items[i].item, part))
			continue;
		figures->replies++;
		figures->incomplete += reply->complete ? 0 : 1;
		figures->input_tokens += reply->input_tokens;
		figures->output_tokens += reply->output_tokens;
		figures->cache_read_tokens += reply->cache_read_tokens;
		figures->cache_write_tokens += reply->cache_write_tokens;
		if (reply->cost_usd < 0)
			figures->cost_usd = -1;
		else if (figures->cost_usd >= 0)
			figures->cost_usd += reply->cost_usd;
		seconds[len++] = reply->seconds;
	}
	stats_sort(seconds, len);
	figures->seconds_median = stats_percentile(seconds, len, 0.5);
	figures->seconds_95 = stats_percentile(seconds, len, 0.95);
	free(seconds);
}

static void add_bands(struct figures *figures, const struct scoring *scoring,
		      const struct part *part)
{
	for (size_t i = 0; i < scoring->len; i++) {
		const struct scored *scored = &scoring->items[i];
		const struct eval_finding *finding = scored->reply->findings.items;

		if (!scored->reply->complete || !case_in_part(scored->item, part))
			continue;
		for (size_t j = 0; j < scored->reply->findings.len; j++) {
			enum verdict verdict = scored->match.verdicts[j];
			int band = confidence_band(finding[j].confidence);

			if (!finding_in_part(scored, j, part) ||
			    (verdict != VERDICT_HIT && verdict != VERDICT_NOISE &&
			     verdict != VERDICT_KNOWN_FALSE))
				continue;
			figures->bands[band].shown++;
			figures->bands[band].hits += verdict == VERDICT_HIT;
		}
	}
}

struct tally figures_tally(const struct scoring *scoring, const struct part *part)
{
	struct tally sum = {0};

	for (size_t i = 0; i < scoring->cases_len; i++) {
		struct case_tally tally = tally_case(scoring, i, part);

		if (case_in_part(&scoring->cases[i], part))
			tally_add(&sum, &tally.tally);
	}
	return sum;
}

struct figures figures_make(const struct scoring *scoring, const struct part *part)
{
	struct figures figures = {0};
	struct case_tally *tallies = memory_grow(NULL, scoring->cases_len + 1, sizeof(*tallies));
	bool *clean = memory_grow(NULL, scoring->cases_len + 1, sizeof(*clean));
	struct sample sample = {.ours = tallies, .clean = clean};

	for (size_t i = 0; i < scoring->cases_len; i++) {
		struct case_tally tally = tally_case(scoring, i, part);

		if (!tally.repeats || !case_in_part(&scoring->cases[i], part))
			continue;
		clean[figures.cases] = scoring->cases[i].expect.len == 0;
		figures.clean_cases += clean[figures.cases];
		figures.clean_silent += clean[figures.cases] ? tally.silent : 0;
		tally_add(&figures.tally, &tally.tally);
		tallies[figures.cases++] = tally;
	}
	figures.precision = interval_of(sample, PRECISION, figures.cases);
	figures.recall = interval_of(sample, RECALL, figures.cases);
	figures.recall_high = interval_of(sample, RECALL_HIGH, figures.cases);
	figures.f1 = interval_of(sample, F1, figures.cases);
	figures.f05 = interval_of(sample, F05, figures.cases);
	figures.noise_per_clean = interval_of(sample, NOISE_PER_CLEAN, figures.cases);
	figures.silent = stats_wilson(figures.clean_silent, (double)figures.clean_cases);
	add_usage(&figures, scoring, part);
	add_bands(&figures, scoring, part);
	free(tallies);
	free(clean);
	return figures;
}

/* ---- Parts ---- */

struct part part_of(enum dimension dimension, struct str value)
{
	struct part part = {0};
	struct str *const members[DIMENSION_COUNT] = {&part.agent, &part.model, &part.category,
						      &part.context, &part.language};

	*members[dimension] = value;
	return part;
}

/* Adds a value to a growing list of an arena, once. */
static void add_value(struct strings *values, struct str value)
{
	if (value.len && !list_has(values, value))
		values->items[values->len++] = value;
}

static void add_values(struct strings *values, const struct strings *more)
{
	for (size_t i = 0; i < more->len; i++)
		add_value(values, more->items[i]);
}

/* How many strings figures_values() may meet. */
static size_t values_max(const struct scoring *scoring)
{
	size_t max = scoring->cases_len + 1;

	for (size_t i = 0; i < scoring->len; i++) {
		const struct eval_finding *findings = scoring->items[i].reply->findings.items;

		for (size_t j = 0; j < scoring->items[i].reply->findings.len; j++)
			max += 1 + findings[j].agents.len + findings[j].models.len;
	}
	for (size_t i = 0; i < scoring->cases_len; i++) {
		const struct expectation *rows = scoring->cases[i].expect.items;

		for (size_t j = 0; j < scoring->cases[i].expect.len; j++)
			max += 1 + rows[j].category.len;
	}
	return max;
}

struct strings figures_values(struct arena *arena, const struct scoring *scoring,
			      enum dimension dimension)
{
	struct strings values = {.items = ARENA_ARRAY(arena, struct str, values_max(scoring))};

	for (size_t i = 0; i < scoring->len; i++) {
		const struct eval_finding *findings = scoring->items[i].reply->findings.items;

		for (size_t j = 0; j < scoring->items[i].reply->findings.len; j++) {
			if (dimension == BY_AGENT)
				add_values(&values, &findings[j].agents);
			else if (dimension == BY_MODEL)
				add_values(&values, &findings[j].models);
			else if (dimension == BY_CATEGORY)
				add_value(&values, findings[j].category);
		}
	}
	for (size_t i = 0; i < scoring->cases_len; i++) {
		const struct expectation *rows = scoring->cases[i].expect.items;

		if (dimension == BY_LANGUAGE)
			add_value(&values, scoring->cases[i].language);
		for (size_t j = 0; j < scoring->cases[i].expect.len; j++) {
			if (dimension == BY_CATEGORY)
				add_values(&values, &rows[j].category);
			else if (dimension == BY_CONTEXT)
				add_value(&values, rows[j].context);
		}
	}
	qsort(values.items, values.len, sizeof(*values.items), str_compare_items);
	return values;
}

/* ---- Two runs ---- */

/* The first complete reply of a case, or NULL. */
static const struct scored *first_reply(const struct scoring *scoring, size_t case_idx)
{
	for (size_t i = 0; i < scoring->len; i++) {
		if (scoring->items[i].case_idx == case_idx && scoring->items[i].reply->complete)
			return &scoring->items[i];
	}
	return NULL;
}

static void add_flips(struct arena *arena, struct comparison *comparison, size_t case_idx,
		      const struct scoring *ours, const struct scoring *theirs,
		      const struct case_tally *our_tally, const struct case_tally *their_tally)
{
	const struct scored *now = first_reply(ours, case_idx);
	const struct scored *before = first_reply(theirs, case_idx);
	const struct expectation *rows = now->item->expect.items;
	double noise_now = our_tally->tally.noise + our_tally->tally.known_false;
	double noise_before = their_tally->tally.noise + their_tally->tally.known_false;

	for (size_t i = 0; i < now->item->expect.len; i++) {
		bool found = now->match.of_expected[i] >= 0;

		if (found == (before->match.of_expected[i] >= 0))
			continue;
		comparison->flips[comparison->flips_len++] = (struct flip){
			.name = now->item->name,
			.what = arena_printf(arena, "%s: %.*s:%u", found ? "found" : "missed",
					     STR_ARG(rows[i].path), rows[i].line),
			.better = found,
		};
	}
	if (noise_now > noise_before || noise_now < noise_before) {
		comparison->flips[comparison->flips_len++] = (struct flip){
			.name = now->item->name,
			.what = arena_printf(arena, "noise: %.3g -> %.3g", noise_before, noise_now),
			.better = noise_now < noise_before,
		};
	}
}

struct comparison figures_compare(struct arena *arena, const struct scoring *ours,
				  const struct scoring *theirs, const struct part *part)
{
	struct comparison comparison = {0};
	size_t rows = 0;
	struct case_tally *our_tallies = ARENA_ARRAY(arena, struct case_tally, ours->cases_len + 1);
	struct case_tally *their_tallies =
		ARENA_ARRAY(arena, struct case_tally, ours->cases_len + 1);
	struct sample sample = {.ours = our_tallies, .theirs = their_tallies};

	for (size_t i = 0; i < ours->cases_len; i++)
		rows += ours->cases[i].expect.len + 1;
	comparison.flips = ARENA_ARRAY(arena, struct flip, rows + 1);
	for (size_t i = 0; i < ours->cases_len; i++) {
		struct case_tally our = tally_case(ours, i, part);
		struct case_tally their = tally_case(theirs, i, part);

		if (!our.repeats || !their.repeats || !case_in_part(&ours->cases[i], part))
			continue;
		add_flips(arena, &comparison, i, ours, theirs, &our, &their);
		our_tallies[comparison.cases] = our;
		their_tallies[comparison.cases++] = their;
	}
	comparison.precision = interval_of(sample, PRECISION, comparison.cases);
	comparison.recall = interval_of(sample, RECALL, comparison.cases);
	comparison.f1 = interval_of(sample, F1, comparison.cases);
	comparison.f05 = interval_of(sample, F05, comparison.cases);
	return comparison;
}

const char *difference_verdict(struct interval difference)
{
	if (isnan(difference.value) || (difference.low <= 0 && difference.high >= 0))
		return "not distinguishable";
	return difference.low > 0 ? "better" : "worse";
}
