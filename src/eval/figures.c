/* The figures of an evaluation: precision, recall, noise and cost, of everything or of one part. */
#include "eval/figures.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

const char *const dimension_names[DIMENSION_COUNT] = {"agent", "model", "category", "context",
						      "language"};

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
	struct interval interval;

	sample.which = which;
	interval = stats_bootstrap(sample_figure, &sample, cases);
	/*
	 * An interval without width: the cases are too alike to tell how other cases would vary.  Between two
	 * runs it is kept: the same difference in every case is a result.
	 */
	if (!sample.theirs && interval.low >= interval.high)
		interval.low = interval.high = NAN;
	return interval;
}

static void add_usage(struct figures *figures, const struct scores *scores, const struct part *part)
{
	double *seconds = memory_grow(NULL, scores->len + 1, sizeof(*seconds));
	size_t len = 0;

	for (size_t i = 0; i < scores->len; i++) {
		const struct eval_reply *reply = scores->items[i].reply;

		if (!part_has_case(scores->items[i].item, part))
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
		if (reply->seconds > 0)
			seconds[len++] = reply->seconds;
	}
	stats_sort(seconds, len);
	figures->seconds_median = stats_percentile(seconds, len, 0.5);
	figures->seconds_95 = stats_percentile(seconds, len, 0.95);
	free(seconds);
}

static void add_bands(struct figures *figures, const struct scores *scores, const struct part *part)
{
	for (size_t i = 0; i < scores->len; i++) {
		const struct scored_reply *scored = &scores->items[i];
		const struct eval_finding *finding = scored->reply->findings.items;

		if (!scored->reply->complete || !part_has_case(scored->item, part))
			continue;
		for (size_t j = 0; j < scored->reply->findings.len; j++) {
			enum finding_verdict verdict = scored->match.verdicts[j];
			int band = confidence_band(finding[j].confidence);

			if (!part_has_finding(scored, j, part) ||
			    (verdict != VERDICT_HIT && verdict != VERDICT_NOISE &&
			     verdict != VERDICT_KNOWN_FALSE))
				continue;
			figures->bands[band].shown++;
			figures->bands[band].hits += verdict == VERDICT_HIT;
		}
	}
}

struct tally figures_tally(const struct scores *scores, const struct part *part)
{
	struct tally sum = {0};

	for (size_t i = 0; i < scores->cases_len; i++) {
		struct case_tally tally = tally_case(scores, i, part);

		if (part_has_case(&scores->cases[i], part))
			tally_add(&sum, &tally.tally);
	}
	return sum;
}

struct figures figures_make(const struct scores *scores, const struct part *part)
{
	struct figures figures = {0};
	struct case_tally *tallies = memory_grow(NULL, scores->cases_len + 1, sizeof(*tallies));
	bool *clean = memory_grow(NULL, scores->cases_len + 1, sizeof(*clean));
	struct sample sample = {.ours = tallies, .clean = clean};

	for (size_t i = 0; i < scores->cases_len; i++) {
		struct case_tally tally = tally_case(scores, i, part);

		if (!tally.repeats || !part_has_case(&scores->cases[i], part))
			continue;
		clean[figures.cases] = scores->cases[i].expect.len == 0;
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
	add_usage(&figures, scores, part);
	add_bands(&figures, scores, part);
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
	if (value.len && !strings_have(values, value))
		values->items[values->len++] = value;
}

static void add_values(struct strings *values, const struct strings *more)
{
	for (size_t i = 0; i < more->len; i++)
		add_value(values, more->items[i]);
}

/* Returns how many strings figures_values() collects at most. */
static size_t values_max(const struct scores *scores)
{
	size_t max = scores->cases_len + 1;

	for (size_t i = 0; i < scores->len; i++) {
		const struct eval_finding *findings = scores->items[i].reply->findings.items;

		for (size_t j = 0; j < scores->items[i].reply->findings.len; j++)
			max += 1 + findings[j].agents.len + findings[j].models.len;
	}
	for (size_t i = 0; i < scores->cases_len; i++) {
		const struct expectation *rows = scores->cases[i].expect.items;

		for (size_t j = 0; j < scores->cases[i].expect.len; j++)
			max += 1 + rows[j].category.len;
	}
	return max;
}

struct strings figures_values(struct arena *arena, const struct scores *scores,
			      enum dimension dimension)
{
	struct strings values = {.items = ARENA_ARRAY(arena, struct str, values_max(scores))};

	for (size_t i = 0; i < scores->len; i++) {
		const struct eval_finding *findings = scores->items[i].reply->findings.items;

		for (size_t j = 0; j < scores->items[i].reply->findings.len; j++) {
			if (dimension == BY_AGENT)
				add_values(&values, &findings[j].agents);
			else if (dimension == BY_MODEL)
				add_values(&values, &findings[j].models);
			else if (dimension == BY_CATEGORY)
				add_value(&values, findings[j].category);
		}
	}
	for (size_t i = 0; i < scores->cases_len; i++) {
		const struct expectation *rows = scores->cases[i].expect.items;

		if (dimension == BY_LANGUAGE)
			add_value(&values, scores->cases[i].language);
		for (size_t j = 0; j < scores->cases[i].expect.len; j++) {
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
static const struct scored_reply *first_reply(const struct scores *scores, size_t case_idx)
{
	for (size_t i = 0; i < scores->len; i++) {
		if (scores->items[i].case_idx == case_idx && scores->items[i].reply->complete)
			return &scores->items[i];
	}
	return NULL;
}

static void add_flips(struct arena *arena, struct comparison *comparison,
		      const struct scored_reply *now, const struct scored_reply *before,
		      const struct case_tally *our_tally, const struct case_tally *their_tally)
{
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

struct comparison figures_compare(struct arena *arena, const struct scores *ours,
				  const struct scores *theirs, const struct part *part)
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
		const struct scored_reply *now = first_reply(ours, i);
		const struct scored_reply *before = first_reply(theirs, i);

		if (!now || !before || !part_has_case(&ours->cases[i], part))
			continue;
		add_flips(arena, &comparison, now, before, &our, &their);
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
	if (isnan(difference.value) || isnan(difference.low) ||
	    (difference.low <= 0 && difference.high >= 0))
		return "not distinguishable";
	return difference.low > 0 ? "better" : "worse";
}
