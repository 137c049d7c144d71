/* What became of findings that were posted: records and figures. */
#include "eval/outcome.h"

#include <math.h>
#include <stdlib.h>

#include "eval/bands.h"

static const char *const pull_state_names[] = {"open", "merged", "closed", NULL};
static const char *const resolver_names[] = {"nobody", "author", "person", "app", NULL};
const char *const outcome_dimension_names[OUTCOME_DIMENSION_COUNT] = {"agent", "category",
								      "severity", "confidence"};

/* ---- Files ---- */

static const struct field finding_rows[] = {
	NEEDED(outcome, pull, "pull_request", FIELD_INT),
	FIELD_WITH(outcome, pull_state, "pull_request_state", FIELD_ENUM,
		   .choices = pull_state_names),
	FIELD(outcome, url, "url", FIELD_STRING),
	NEEDED(outcome, id, "id", FIELD_STRING),
	FIELD(outcome, path, "path", FIELD_STRING),
	FIELD(outcome, title, "title", FIELD_STRING),
	FIELD(outcome, category, "category", FIELD_STRING),
	FIELD_WITH(outcome, severity, "severity", FIELD_ENUM, .choices = severity_names,
		   .required = true),
	FIELD_WITH(outcome, confidence, "confidence", FIELD_NUMBER, .min = -1, .max = 1,
		   .empty = EMPTY_LEFT_OUT),
	FIELD(outcome, agents, "agents", FIELD_STRINGS),
	FIELD(outcome, in_line, "on_lines", FIELD_BOOL),
	FIELD(outcome, posted_at, "posted_at", FIELD_STRING),
	FIELD(outcome, lines, "lines", FIELD_INT),
	FIELD(outcome, lines_changed, "lines_changed", FIELD_INT),
	FIELD_WITH(outcome, resolver, "resolved", FIELD_ENUM, .choices = resolver_names),
	FIELD_WITH(outcome, resolved_by, "resolved_by", FIELD_STRING, .empty = EMPTY_LEFT_OUT),
	FIELD(outcome, fixed, "fixed", FIELD_BOOL),
	FIELD(outcome, up, "thumbs_up", FIELD_INT),
	FIELD(outcome, down, "thumbs_down", FIELD_INT),
	FIELD(outcome, reactions, "other_reactions", FIELD_INT),
	FIELD(outcome, replies, "replies", FIELD_INT),
	FIELD(outcome, dismissed, "dismissed", FIELD_BOOL),
	FIELD_WITH(outcome, dismissed_by, "dismissed_by", FIELD_STRING, .empty = EMPTY_LEFT_OUT),
	FIELD_WITH(outcome, reason, "reason", FIELD_STRING, .empty = EMPTY_LEFT_OUT),
};
static const struct outcome finding_defaults = {.confidence = -1};
static const struct fields finding_fields =
	TABLE_WITH(outcome, "a finding", finding_rows, .open = true, .defaults = &finding_defaults);

static const struct field outcomes_rows[] = {
	FIELD_WITH(outcomes, schema_version, "schema_version", FIELD_INT, .min = 1,
		   .max = OUTCOMES_VERSION, .required = true),
	FIELD(outcomes, repository, "repository", FIELD_STRING),
	FIELD(outcomes, reviewer, "reviewer", FIELD_STRING),
	FIELD(outcomes, since, "since", FIELD_STRING),
	FIELD(outcomes, until, "until", FIELD_STRING),
	FIELD(outcomes, pulls, "pull_requests", FIELD_INT),
	FIELD(outcomes, pulls_reviewed, "pull_requests_with_findings", FIELD_INT),
	FIELD(outcomes, cut, "more_pull_requests", FIELD_BOOL),
	FIELD(outcomes, control_lines, "control_lines", FIELD_INT),
	FIELD(outcomes, control_changed, "control_lines_changed", FIELD_INT),
	NESTED(outcomes, findings, "findings", FIELD_LIST, finding_fields),
};
static const struct fields outcomes_fields = TABLE(outcomes, "outcomes", outcomes_rows);

struct value *outcomes_record(struct arena *arena, const struct outcomes *outcomes)
{
	return fields_encode(arena, &outcomes_fields, outcomes);
}

/* ---- Lines ---- */

/* Whether the lines from `from` to the next unchanged one, backwards or forwards, were added and replace none. */
static bool is_insertion(const struct diff_hunk *hunk, size_t from, bool backwards)
{
	bool added = false;

	for (size_t i = from; i < hunk->len; backwards ? i-- : i++) {
		if (hunk->lines[i].kind == LINE_CONTEXT)
			break;
		if (hunk->lines[i].kind == LINE_DELETED)
			return false;
		added = true;
	}
	return added;
}

static bool hunk_touches(const struct diff_hunk *hunk, uint32_t line)
{
	for (size_t i = 0; i < hunk->len; i++) {
		if (hunk->lines[i].old_line == line)
			return hunk->lines[i].kind == LINE_DELETED ||
			       is_insertion(hunk, i - 1, true) || is_insertion(hunk, i + 1, false);
	}
	return false;
}

bool outcome_line_touched(const struct diff_file *file, uint32_t line)
{
	if (!file)
		return false;
	if (file->status == DIFF_DELETED)
		return true;
	for (size_t i = 0; i < file->len; i++) {
		if (hunk_touches(&file->hunks[i], line))
			return true;
	}
	return false;
}

/* ---- Figures ---- */

static bool in_part(const struct outcome *outcome, const struct outcome_part *part)
{
	return (!part->agent.len || strings_have(&outcome->agents, part->agent)) &&
	       (!part->category.len || str_eq(outcome->category, part->category)) &&
	       (part->severity < 0 || outcome->severity == part->severity) &&
	       (part->band < 0 || confidence_band(outcome->confidence) == part->band);
}

static void count(struct outcome_figures *figures, const struct outcome *outcome)
{
	figures->findings++;
	figures->open += outcome->pull_state == PULL_OPEN;
	figures->resolved += outcome->resolver != RESOLVER_NOBODY;
	figures->resolved_by_people +=
		outcome->resolver == RESOLVER_AUTHOR || outcome->resolver == RESOLVER_PERSON;
	figures->fixed += outcome->fixed;
	figures->dismissed += outcome->dismissed;
	figures->up += outcome->up > 0;
	figures->down += outcome->down > 0;
	figures->replied += outcome->replies > 0;
	if (outcome->pull_state == PULL_OPEN || !outcome->lines)
		return;
	figures->judged++;
	figures->changed += outcome->lines_changed > 0;
	figures->lines += outcome->lines;
	figures->lines_changed += outcome->lines_changed;
}

struct outcome_figures outcome_figures(const struct outcomes *outcomes,
				       const struct outcome_part *part)
{
	const struct outcome *findings = outcomes->findings.items;
	struct outcome_figures figures = {0};

	for (size_t i = 0; i < outcomes->findings.len; i++) {
		if (in_part(&findings[i], part))
			count(&figures, &findings[i]);
	}
	figures.changed_share = stats_wilson((double)figures.changed, (double)figures.judged);
	return figures;
}

double outcomes_control(const struct outcomes *outcomes)
{
	return outcomes->control_lines
		       ? (double)outcomes->control_changed / (double)outcomes->control_lines
		       : NAN;
}

/* ---- Rows ---- */

static size_t add_name(struct str *names, size_t len, struct str name)
{
	for (size_t i = 0; i < len; i++) {
		if (str_eq(names[i], name))
			return len;
	}
	if (name.len)
		names[len++] = name;
	return len;
}

static size_t names_of(struct arena *arena, const struct outcomes *outcomes,
		       enum outcome_dimension dimension, struct str **out)
{
	const struct outcome *findings = outcomes->findings.items;
	size_t max = 0;
	size_t len = 0;
	struct str *names;

	for (size_t i = 0; i < outcomes->findings.len; i++)
		max += findings[i].agents.len + 1;
	names = ARENA_ARRAY(arena, struct str, max + 1);
	for (size_t i = 0; i < outcomes->findings.len; i++) {
		if (dimension == OUTCOME_BY_CATEGORY)
			len = add_name(names, len, findings[i].category);
		for (size_t j = 0; dimension == OUTCOME_BY_AGENT && j < findings[i].agents.len; j++)
			len = add_name(names, len, findings[i].agents.items[j]);
	}
	qsort(names, len, sizeof(*names), str_compare_items);
	*out = names;
	return len;
}

static bool has_finding(const struct outcomes *outcomes, const struct outcome_part *part)
{
	return outcome_figures(outcomes, part).findings > 0;
}

size_t outcome_rows(struct arena *arena, const struct outcomes *outcomes,
		    enum outcome_dimension dimension, struct outcome_row **rows)
{
	struct str *names = NULL;
	size_t names_len = names_of(arena, outcomes, dimension, &names);
	size_t max = MAX_OF(names_len, (size_t)SEVERITY_COUNT + CONFIDENCE_BANDS + 1);
	size_t len = 0;

	*rows = ARENA_ARRAY(arena, struct outcome_row, max);
	for (size_t i = 0; i < names_len; i++) {
		struct outcome_row row = {names[i], OUTCOME_PART_ALL};

		if (dimension == OUTCOME_BY_AGENT)
			row.part.agent = names[i];
		else
			row.part.category = names[i];
		(*rows)[len++] = row;
	}
	for (int i = 0; dimension == OUTCOME_BY_SEVERITY && i < SEVERITY_COUNT; i++) {
		struct outcome_row row = {str_from(severity_name((enum severity)i)),
					  OUTCOME_PART_ALL};

		row.part.severity = i;
		if (has_finding(outcomes, &row.part))
			(*rows)[len++] = row;
	}
	for (int i = 0; dimension == OUTCOME_BY_CONFIDENCE && i <= CONFIDENCE_BANDS; i++) {
		struct outcome_row row = {str_from(confidence_band_names[i]), OUTCOME_PART_ALL};

		row.part.band = i;
		if (has_finding(outcomes, &row.part))
			(*rows)[len++] = row;
	}
	return len;
}
