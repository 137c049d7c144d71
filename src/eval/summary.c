/* An evaluation for people: figures, parts, what changed against another run, and what was missed. */
#include "eval/summary.h"

#include <math.h>

#include "eval/text_report.h"

/* A page that is being written. */
struct page {
	struct buf *out;
	enum table_style style;
	struct arena arena;
};

static void add_heading(struct page *page, const char *text)
{
	if (page->style == TABLE_MARKDOWN)
		buf_addf(page->out, "\n### %s\n\n", text);
	else
		buf_addf(page->out, "\n%s\n", text);
}

/* "62.5 %", or "-" when the share is not defined. */
static void add_share(struct table *table, double share)
{
	if (isnan(share))
		table_add(table, "-");
	else
		table_add(table, "%.1f %%", share * 100);
}

/* "62.5 % [50.0, 70.1]"; "62.5 % [-]" without an interval, "-" without a value. */
static void add_interval(struct table *table, struct interval interval)
{
	if (isnan(interval.value))
		table_add(table, "-");
	else if (isnan(interval.low))
		table_add(table, "%.1f %% [-]", interval.value * 100);
	else
		table_add(table, "%.1f %% [%.1f, %.1f]", interval.value * 100, interval.low * 100,
			  interval.high * 100);
}

static void add_noise(struct table *table, struct interval interval)
{
	if (isnan(interval.value))
		table_add(table, "-");
	else if (isnan(interval.low))
		table_add(table, "%.2f [-]", interval.value);
	else
		table_add(table, "%.2f [%.2f, %.2f]", interval.value, interval.low, interval.high);
}

/* ---- The headline ---- */

static void add_headline(struct page *page, const struct figures *figures)
{
	const struct {
		const char *name;
		struct interval interval;
	} rows[] = {
		{"precision", figures->precision},
		{"recall", figures->recall},
		{"recall, high and above", figures->recall_high},
		{"F1", figures->f1},
		{"F0.5", figures->f05},
		{"clean changes left silent", figures->silent},
	};
	SCOPED(table) struct table table = {.arena = &page->arena, .columns = 2};

	table_add(&table, "figure");
	table_add(&table, "value [95 %% interval]");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		table_add(&table, "%s", rows[i].name);
		add_interval(&table, rows[i].interval);
	}
	table_add(&table, "noise per clean change");
	add_noise(&table, figures->noise_per_clean);
	table_write(&table, page->style, page->out);
}

/* Name and count, for those that are not 0. */
static void add_count(struct buf *out, double count, const char *name, bool *first)
{
	if (count <= 0)
		return;
	buf_addf(out, "%s%.4g %s", *first ? "" : ", ", count, name);
	*first = false;
}

static void add_counts(struct buf *out, const struct figures *figures)
{
	const struct tally *tally = &figures->tally;
	bool first = true;

	buf_addf(out, "%zu %s, %zu of them clean. %.4g of %.4g expected problems found.\n",
		 figures->cases, figures->cases == 1 ? "case" : "cases", figures->clean_cases,
		 tally->hits, tally->expected);
	add_count(out, tally->noise, "noise", &first);
	add_count(out, tally->known_false, "known-false", &first);
	add_count(out, tally->duplicates, "duplicate", &first);
	add_count(out, tally->allowed, "allowed", &first);
	add_count(out, tally->in_summary, "without a place on a line", &first);
	add_count(out, tally->unverified, "unverified", &first);
	add_count(out, tally->preexisting, "pre-existing", &first);
	add_count(out, tally->hidden, "below a floor", &first);
	add_count(out, tally->dropped, "dropped", &first);
	add_count(out, tally->dropped_wrongly, "dropped wrongly", &first);
	if (!first)
		buf_add_text(out, ".\n");
	if (tally->noise + tally->known_false > 0)
		buf_add_text(
			out,
			"Wrong, in the tables below, is noise (no case lists it) and known-false (a case lists it as wrong).\n");
	if (tally->graded > 0)
		buf_addf(out,
			 "Severity of %.4g found: exact in %.0f %%, within one level in %.0f %%.\n",
			 tally->graded, tally->severity_exact / tally->graded * 100,
			 tally->severity_near / tally->graded * 100);
	if (figures->incomplete)
		buf_addf(out, "Not scored: %zu incomplete of %zu replies.\n", figures->incomplete,
			 figures->replies);
}

static void add_usage(struct buf *out, const struct figures *figures, bool replayed)
{
	buf_addf(out, "Tokens: %lld input, %lld output, %lld cache read, %lld cache write.\n",
		 (long long)figures->input_tokens, (long long)figures->output_tokens,
		 (long long)figures->cache_read_tokens, (long long)figures->cache_write_tokens);
	if (figures->cost_usd < 0)
		buf_add_text(out, "Cost: unknown, because a model has no price.");
	else
		buf_addf(out, "Cost%s: $%.4f.", replayed ? " when they were recorded" : "",
			 figures->cost_usd);
	if (!isnan(figures->seconds_median))
		buf_addf(out, " Seconds a case: median %.1f, 95th percentile %.1f.",
			 figures->seconds_median, figures->seconds_95);
	buf_add_char(out, '\n');
}

/* ---- Parts ---- */

/* Whether findings can have this value: only labels have a context, and labels may have categories of their own. */
static bool findings_state(const struct scores *scores, enum dimension dimension, struct str value)
{
	if (dimension == BY_CONTEXT)
		return false;
	if (dimension != BY_CATEGORY)
		return true;
	for (size_t i = 0; i < scores->len; i++) {
		const struct eval_finding *findings = scores->items[i].reply->findings.items;

		for (size_t j = 0; j < scores->items[i].reply->findings.len; j++) {
			if (str_eq(findings[j].category, value))
				return true;
		}
	}
	return false;
}

static void add_part(struct table *table, struct str name, const struct tally *tally, bool stated)
{
	double wrong = tally->noise + tally->known_false;

	table_add(table, "%.*s", STR_ARG(name));
	table_add(table, "%.4g", tally->expected);
	table_add(table, "%.4g", tally->hits);
	if (stated)
		table_add(table, "%.4g", wrong);
	else
		table_add(table, "-");
	add_share(table,
		  stated && tally->hits + wrong > 0 ? tally->hits / (tally->hits + wrong) : NAN);
	add_share(table, tally->expected > 0 ? tally->hits / tally->expected : NAN);
}

static void add_dimension(struct page *page, const struct eval_summary *summary,
			  enum dimension dimension)
{
	static const char *const columns[] = {"expected", "found", "wrong", "precision", "recall"};
	SCOPED(table) struct table table = {.arena = &page->arena, .columns = 6};
	struct strings values = figures_values(&page->arena, summary->scores, dimension);

	if (values.len < 2)
		return;
	add_heading(page, arena_printf(&page->arena, "By %s", dimension_names[dimension]).ptr);
	table_add(&table, "%s", dimension_names[dimension]);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		table_add(&table, "%s", columns[i]);
	for (size_t i = 0; i < values.len; i++) {
		struct part part = part_of(dimension, values.items[i]);
		struct tally tally;

		part.tuning = summary->part.tuning;
		tally = figures_tally(summary->scores, &part);
		add_part(&table, plain_cell(&page->arena, page->style, values.items[i]), &tally,
			 findings_state(summary->scores, dimension, values.items[i]));
	}
	table_write(&table, page->style, page->out);
}

static void add_bands(struct page *page, const struct figures *figures)
{
	SCOPED(table) struct table table = {.arena = &page->arena, .columns = 4};

	add_heading(page, "By stated confidence");
	table_add(&table, "confidence");
	table_add(&table, "shown");
	table_add(&table, "right");
	table_add(&table, "precision");
	for (int i = 0; i <= CONFIDENCE_BANDS; i++) {
		double shown = figures->bands[i].shown;

		table_add(&table, "%s", confidence_band_names[i]);
		table_add(&table, "%.4g", shown);
		table_add(&table, "%.4g", figures->bands[i].hits);
		add_share(&table, shown > 0 ? figures->bands[i].hits / shown : NAN);
	}
	table_write(&table, page->style, page->out);
}

/* ---- The judge ---- */

static void add_plain_share(struct buf *out, const char *name, struct interval interval)
{
	if (isnan(interval.value))
		buf_addf(out, "%s -", name);
	else
		buf_addf(out, "%s %.1f %%", name, interval.value * 100);
}

/* Adds the verdicts of the judge, and the figures without them: the judge is a model and can be wrong. */
static void add_judge(struct page *page, const struct eval_summary *summary)
{
	struct figures plain = figures_make(summary->unjudged, &summary->part);

	add_heading(page, "Judged by a model");
	buf_add_text(page->out, "Without the judge: ");
	add_plain_share(page->out, "precision", plain.precision);
	add_plain_share(page->out, ", recall", plain.recall);
	add_plain_share(page->out, ", F1", plain.f1);
	buf_add_text(page->out, page->style == TABLE_MARKDOWN ? ".\n\n" : ".\n");
	for (size_t i = 0; i < summary->scores->len; i++) {
		const struct scored_reply *scored = &summary->scores->items[i];
		const struct eval_verdict *verdicts = scored->reply->judged.items;

		for (size_t j = 0; j < scored->reply->judged.len; j++) {
			buf_addf(page->out, "%s%.*s#%lld: %s problem %lld (",
				 page->style == TABLE_MARKDOWN ? "- " : "  ",
				 STR_ARG(scored->item->name), (long long)verdicts[j].finding + 1,
				 verdicts[j].same ? "is" : "is not",
				 (long long)verdicts[j].expected + 1);
			plain_add(page->out, page->style, verdicts[j].model);
			buf_add_text(page->out, "): ");
			plain_add(page->out, page->style, verdicts[j].why);
			buf_add_char(page->out, '\n');
		}
	}
}

/* ---- Against another run ---- */

static void add_difference(struct table *table, const char *name, struct interval interval)
{
	table_add(table, "%s", name);
	if (isnan(interval.value))
		table_add(table, "-");
	else if (isnan(interval.low))
		table_add(table, "%+.1f [-]", interval.value * 100);
	else
		table_add(table, "%+.1f [%+.1f, %+.1f]", interval.value * 100, interval.low * 100,
			  interval.high * 100);
	table_add(table, "%s", difference_verdict(interval));
}

static void add_comparison(struct page *page, const struct eval_summary *summary)
{
	SCOPED(table) struct table table = {.arena = &page->arena, .columns = 3};
	struct comparison comparison =
		figures_compare(&page->arena, summary->scores, summary->against, &summary->part);
	double detectable = (comparison.f1.high - comparison.f1.low) / 2 * 100;

	add_heading(page, "Against the other run");
	table_add(&table, "figure");
	table_add(&table, "difference [95 %% interval]");
	table_add(&table, "verdict");
	add_difference(&table, "precision", comparison.precision);
	add_difference(&table, "recall", comparison.recall);
	add_difference(&table, "F1", comparison.f1);
	add_difference(&table, "F0.5", comparison.f05);
	table_write(&table, page->style, page->out);
	buf_addf(page->out, "%sPoints, this run minus %.*s, paired over %zu cases.",
		 page->style == TABLE_MARKDOWN ? "\n" : "", STR_ARG(summary->against_label),
		 comparison.cases);
	if (detectable > 0) /* not NAN either */
		buf_addf(page->out,
			 " An F1 difference under about %.0f points cannot be seen with them.",
			 ceil(detectable));
	buf_add_char(page->out, '\n');
	for (size_t i = 0; i < comparison.flips_len; i++) {
		const struct flip *flip = &comparison.flips[i];

		buf_addf(page->out, "%s%s %.*s: %.*s\n",
			 page->style == TABLE_MARKDOWN ? "- " : "  ",
			 flip->better ? "better" : "worse", STR_ARG(flip->name),
			 STR_ARG(flip->what));
	}
}

/* ---- Each finding and each miss ---- */

static void add_place(struct page *page, struct str path, int64_t line)
{
	if (!path.len)
		return;
	buf_add_char(page->out, ' ');
	plain_add(page->out, page->style, path);
	if (line)
		buf_addf(page->out, ":%lld", (long long)line);
}

static void list_reply(struct page *page, const struct scored_reply *scored)
{
	const struct eval_finding *findings = scored->reply->findings.items;
	const struct expectation *rows = scored->item->expect.items;
	const char *bullet = page->style == TABLE_MARKDOWN ? "- " : "  ";

	for (size_t i = 0; i < scored->item->expect.len; i++) {
		if (scored->match.of_expected[i] >= 0)
			continue;
		buf_addf(page->out, "%s%.*s: missed", bullet, STR_ARG(scored->item->name));
		add_place(page, rows[i].path, rows[i].line);
		buf_add_text(page->out,
			     scored->match.near[i]
				     ? " (a finding on these lines says something else)\n"
				     : "\n");
	}
	for (size_t i = 0; i < scored->reply->findings.len; i++) {
		enum finding_verdict verdict = scored->match.verdicts[i];

		if (verdict == VERDICT_HIT)
			continue;
		buf_addf(page->out, "%s%.*s#%zu: %s", bullet, STR_ARG(scored->item->name), i + 1,
			 verdict == VERDICT_NOT_SHOWN ? shown_names[findings[i].shown]
						      : verdict_names[verdict]);
		add_place(page, findings[i].path, findings[i].line);
		buf_addf(page->out, " %s: ", severity_name((enum severity)findings[i].severity));
		plain_add(page->out, page->style, findings[i].title);
		buf_add_char(page->out, '\n');
	}
}

/* Only the first line of the error: the log has the others. */
static void add_unscored(struct page *page, const struct scored_reply *scored)
{
	struct str rest = scored->reply->error;
	struct str line = STR_EMPTY;

	str_next_line(&rest, &line, NULL);
	buf_addf(page->out, "%s%.*s: not scored: ", page->style == TABLE_MARKDOWN ? "- " : "  ",
		 STR_ARG(scored->item->name));
	plain_add(page->out, page->style, line);
	buf_add_char(page->out, '\n');
}

static void add_list(struct page *page, const struct eval_summary *summary)
{
	add_heading(page, "Problems that were missed, and findings that did not hit");
	for (size_t i = 0; i < summary->scores->len; i++) {
		const struct scored_reply *scored = &summary->scores->items[i];

		if (scored->reply->complete)
			list_reply(page, scored);
		else
			add_unscored(page, scored);
	}
	buf_addf(page->out,
		 "%sTo add a finding to its case: --accept CASE#N=expect, =allow or =forbid.\n",
		 page->style == TABLE_MARKDOWN ? "\n" : "  ");
}

static void add_replayed(struct page *page, struct str source)
{
	buf_add_text(page->out, "Replies: recorded");
	if (source.len) {
		buf_add_text(page->out, ", ");
		plain_add(page->out, page->style, source);
	}
	buf_add_text(page->out, ". No model was called.\n\n");
}

static void write_page(struct buf *out, const struct eval_summary *summary, enum table_style style)
{
	struct page page = {.out = out, .style = style};
	struct figures figures = figures_make(summary->scores, &summary->part);

	if (style == TABLE_MARKDOWN)
		buf_addf(out, "## Evaluation of %.*s\n\n", STR_ARG(summary->results->label));
	else
		buf_addf(out, "Evaluation of %.*s\n\n", STR_ARG(summary->results->label));
	if (summary->results->replayed)
		add_replayed(&page, summary->results->source);
	if (figures.cases) {
		add_headline(&page, &figures);
		buf_add_char(out, '\n');
	}
	add_counts(out, &figures);
	add_usage(out, &figures, summary->results->replayed);
	for (int i = 0; figures.cases && i < DIMENSION_COUNT; i++)
		add_dimension(&page, summary, (enum dimension)i);
	if (figures.cases)
		add_bands(&page, &figures);
	if (summary->unjudged)
		add_judge(&page, summary);
	if (summary->against)
		add_comparison(&page, summary);
	if (summary->list_findings)
		add_list(&page, summary);
	arena_release(&page.arena);
}

void summary_text(struct buf *out, const struct eval_summary *summary)
{
	write_page(out, summary, TABLE_TEXT);
}

void summary_markdown(struct buf *out, const struct eval_summary *summary)
{
	write_page(out, summary, TABLE_MARKDOWN);
}
