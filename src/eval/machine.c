/* An evaluation for machines: JSON and JUnit. */
#include <math.h>

#include "eval/summary.h"
#include "value/put.h"

/* ---- JSON ---- */

static void put_number(struct arena *arena, struct value *object, const char *name, double number)
{
	value_set(arena, object, name,
		  isnan(number) ? value_null(arena) : value_real(arena, number));
}

static void put_interval(struct arena *arena, struct value *object, const char *name,
			 struct interval interval)
{
	struct value *inside = value_object(arena);

	put_number(arena, inside, "value", interval.value);
	put_number(arena, inside, "low", interval.low);
	put_number(arena, inside, "high", interval.high);
	value_set(arena, object, name, inside);
}

static struct value *tally_value(struct arena *arena, const struct tally *tally)
{
	const struct {
		const char *name;
		double count;
	} rows[] = {
		{"expected", tally->expected},
		{"expected_high", tally->expected_high},
		{"hits", tally->hits},
		{"hits_high", tally->hits_high},
		{"noise", tally->noise},
		{"known_false", tally->known_false},
		{"duplicates", tally->duplicates},
		{"allowed", tally->allowed},
		{"in_summary", tally->in_summary},
		{"unverified", tally->unverified},
		{"pre_existing", tally->preexisting},
		{"hidden", tally->hidden},
		{"dropped", tally->dropped},
		{"dropped_wrongly", tally->dropped_wrongly},
		{"severity_graded", tally->graded},
		{"severity_near", tally->severity_near},
		{"severity_exact", tally->severity_exact},
	};
	struct value *object = value_object(arena);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		put_number(arena, object, rows[i].name, rows[i].count);
	return object;
}

static struct value *figures_value(struct arena *arena, const struct figures *figures)
{
	struct value *object = value_object(arena);
	struct value *bands = value_array(arena);

	put_int(arena, object, "cases", (int64_t)figures->cases);
	put_int(arena, object, "clean_cases", (int64_t)figures->clean_cases);
	put_int(arena, object, "replies", (int64_t)figures->replies);
	put_int(arena, object, "incomplete", (int64_t)figures->incomplete);
	put_interval(arena, object, "precision", figures->precision);
	put_interval(arena, object, "recall", figures->recall);
	put_interval(arena, object, "recall_high", figures->recall_high);
	put_interval(arena, object, "f1", figures->f1);
	put_interval(arena, object, "f05", figures->f05);
	put_interval(arena, object, "noise_per_clean", figures->noise_per_clean);
	put_interval(arena, object, "silent", figures->silent);
	value_set(arena, object, "counts", tally_value(arena, &figures->tally));
	for (size_t i = 0; i < ARRAY_LEN(figures->bands); i++) {
		struct value *band = value_object(arena);

		put_number(arena, band, "from",
			   i < CONFIDENCE_BANDS ? (double)i / CONFIDENCE_BANDS : NAN);
		put_number(arena, band, "shown", figures->bands[i].shown);
		put_number(arena, band, "hits", figures->bands[i].hits);
		value_append(arena, bands, band);
	}
	value_set(arena, object, "confidence", bands);
	put_int(arena, object, "input_tokens", figures->input_tokens);
	put_int(arena, object, "output_tokens", figures->output_tokens);
	put_int(arena, object, "cache_read_tokens", figures->cache_read_tokens);
	put_int(arena, object, "cache_write_tokens", figures->cache_write_tokens);
	put_number(arena, object, "cost_usd", figures->cost_usd < 0 ? NAN : figures->cost_usd);
	put_number(arena, object, "seconds_median", figures->seconds_median);
	put_number(arena, object, "seconds_95", figures->seconds_95);
	return object;
}

static struct value *parts_value(struct arena *arena, const struct eval_summary *summary,
				 enum dimension dimension)
{
	struct strings values = figures_values(arena, summary->scores, dimension);
	struct value *object = value_object(arena);

	for (size_t i = 0; i < values.len; i++) {
		struct part part = part_of(dimension, values.items[i]);
		struct tally tally;

		part.tuning = summary->part.tuning;
		tally = figures_tally(summary->scores, &part);
		value_set_str(arena, object, values.items[i], tally_value(arena, &tally));
	}
	return object;
}

static struct value *comparison_value(struct arena *arena, const struct eval_summary *summary)
{
	struct comparison comparison =
		figures_compare(arena, summary->scores, summary->against, &summary->part);
	struct value *object = value_object(arena);
	struct value *flips = value_array(arena);

	put_text(arena, object, "label", summary->against_label);
	put_int(arena, object, "cases", (int64_t)comparison.cases);
	put_interval(arena, object, "precision", comparison.precision);
	put_interval(arena, object, "recall", comparison.recall);
	put_interval(arena, object, "f1", comparison.f1);
	put_interval(arena, object, "f05", comparison.f05);
	for (size_t i = 0; i < comparison.flips_len; i++) {
		struct value *flip = value_object(arena);

		put_text(arena, flip, "case", comparison.flips[i].name);
		put_text(arena, flip, "what", comparison.flips[i].what);
		put_bool(arena, flip, "better", comparison.flips[i].better);
		value_append(arena, flips, flip);
	}
	value_set(arena, object, "flips", flips);
	return object;
}

static struct value *verdicts_value(struct arena *arena, const struct scores *scores)
{
	struct value *list = value_array(arena);

	for (size_t i = 0; i < scores->len; i++) {
		const struct scored_reply *scored = &scores->items[i];
		struct value *entry = value_object(arena);
		struct value *verdicts = value_array(arena);
		struct value *missed = value_array(arena);

		put_text(arena, entry, "case", scored->item->name);
		put_int(arena, entry, "repeat", scored->reply->repeat);
		for (size_t j = 0; scored->reply->complete && j < scored->reply->findings.len; j++)
			value_append(arena, verdicts,
				     value_text(arena, verdict_names[scored->match.verdicts[j]]));
		for (size_t j = 0; scored->reply->complete && j < scored->item->expect.len; j++) {
			if (scored->match.of_expected[j] < 0)
				value_append(arena, missed, value_int(arena, (int64_t)j));
		}
		value_set(arena, entry, "verdicts", verdicts);
		value_set(arena, entry, "missed", missed);
		value_append(arena, list, entry);
	}
	return list;
}

struct value *summary_value(struct arena *arena, const struct eval_summary *summary)
{
	struct figures figures = figures_make(summary->scores, &summary->part);
	struct value *object = eval_results_value(arena, summary->results);

	value_set(arena, object, "figures", figures_value(arena, &figures));
	if (summary->unjudged) {
		struct figures plain = figures_make(summary->unjudged, &summary->part);

		value_set(arena, object, "figures_without_judge", figures_value(arena, &plain));
	}
	for (int i = 0; i < DIMENSION_COUNT; i++) {
		struct str name = arena_printf(arena, "by_%s", dimension_names[i]);

		value_set(arena, object, name.ptr, parts_value(arena, summary, (enum dimension)i));
	}
	value_set(arena, object, "matches", verdicts_value(arena, summary->scores));
	if (summary->against)
		value_set(arena, object, "against", comparison_value(arena, summary));
	return object;
}

/* ---- JUnit ---- */

/* Control characters have no place in XML 1.0. */
static void add_xml(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c == '<')
			buf_add_text(out, "&lt;");
		else if (c == '>')
			buf_add_text(out, "&gt;");
		else if (c == '&')
			buf_add_text(out, "&amp;");
		else if (c == '"')
			buf_add_text(out, "&quot;");
		else if (c < 0x20 && c != '\n' && c != '\t')
			buf_add_char(out, '?');
		else
			buf_add_char(out, (char)c);
	}
}

static void describe(struct buf *out, const struct scored_reply *scored, bool *failed)
{
	const struct eval_finding *findings = scored->reply->findings.items;
	const struct expectation *rows = scored->item->expect.items;

	for (size_t i = 0; i < scored->item->expect.len; i++) {
		if (scored->match.of_expected[i] >= 0)
			continue;
		buf_addf(out, "missed: %.*s:%u\n", STR_ARG(rows[i].path), rows[i].line);
		*failed = true;
	}
	for (size_t i = 0; i < scored->reply->findings.len; i++) {
		enum finding_verdict verdict = scored->match.verdicts[i];

		if (verdict != VERDICT_NOISE && verdict != VERDICT_KNOWN_FALSE)
			continue;
		buf_addf(out, "%s: %.*s:%lld: %.*s\n", verdict_names[verdict],
			 STR_ARG(findings[i].path), (long long)findings[i].line,
			 STR_ARG(findings[i].title));
		*failed = true;
	}
}

void summary_junit(struct buf *out, const struct eval_summary *summary)
{
	SCOPED(buf) struct buf cases = BUF_INIT;
	size_t failures = 0, errors = 0;

	for (size_t i = 0; i < summary->scores->len; i++) {
		const struct scored_reply *scored = &summary->scores->items[i];
		SCOPED(buf) struct buf text = BUF_INIT;
		bool failed = false;

		buf_add_text(&cases, "  <testcase classname=\"outcrop.eval\" name=\"");
		add_xml(&cases, scored->item->name);
		buf_addf(&cases, "\" time=\"%.3f\">", scored->reply->seconds);
		if (!scored->reply->complete) {
			errors++;
			buf_add_text(&cases, "<error message=\"not scored\">");
			add_xml(&cases, scored->reply->error);
			buf_add_text(&cases, "</error>");
		} else {
			describe(&text, scored, &failed);
		}
		if (failed) {
			failures++;
			buf_add_text(&cases, "<failure message=\"not as expected\">");
			add_xml(&cases, buf_str(&text));
			buf_add_text(&cases, "</failure>");
		}
		buf_add_text(&cases, "</testcase>\n");
	}
	buf_addf(
		out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"outcrop.eval\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n",
		summary->scores->len, failures, errors);
	buf_add(out, buf_str(&cases));
	buf_add_text(out, "</testsuite>\n");
}
