/* Outcomes: touched lines, figures, rows, lessons, and pages without other people's markup. */
#include <math.h>

#include "eval/outcome_page.h"
#include "unit.h"
#include "value/json.h"

static const char change[] = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,8 +1,10 @@\n"
			     " one\n-two\n+TWO\n three\n four\n+new\n five\n six\n seven\n"
			     "+last\n+more\n-eight\n";

TEST(a_line_is_touched_when_it_is_replaced_or_lines_are_added_beside_it)
{
	static const bool touched[] = {false, true, false, true, true, false, false, true, false};
	SCOPED(diff) struct diff diff = {0};
	struct error err;

	ck_assert_msg(diff_parse(str_from(change), &diff, &err), "%s", err.message);
	for (uint32_t line = 1; line <= ARRAY_LEN(touched); line++)
		ck_assert_msg(outcome_line_touched(&diff.files[0], line) == touched[line - 1],
			      "line %u", line);
	ck_assert(!outcome_line_touched(NULL, 1));
	diff.files[0].status = DIFF_DELETED;
	ck_assert(outcome_line_touched(&diff.files[0], 100));
}

static struct str agents_ab[] = {STR_INIT("a"), STR_INIT("b")};

static const struct strings only_a = {.items = agents_ab, .len = 1};
static const struct strings both = {.items = agents_ab, .len = 2};

static struct outcome findings[] = {
	{.id = STR_INIT("1"),
	 .path = STR_INIT("src/net/x.c"),
	 .pull_state = PULL_MERGED,
	 .category = STR_INIT("style"),
	 .severity = SEVERITY_LOW,
	 .confidence = -1,
	 .lines = 2,
	 .title = STR_INIT("A [name](http://x.example) | @all"),
	 .dismissed = true,
	 .reason = STR_INIT("ours\nto choose")},
	{.id = STR_INIT("2"),
	 .path = STR_INIT("src/net/x.c"),
	 .pull_state = PULL_MERGED,
	 .category = STR_INIT("style"),
	 .severity = SEVERITY_LOW,
	 .confidence = -1,
	 .lines = 2,
	 .title = STR_INIT("Other"),
	 .down = 2,
	 .lines_changed = 1},
	{.id = STR_INIT("3"),
	 .path = STR_INIT("src/net/x.c"),
	 .pull_state = PULL_CLOSED,
	 .category = STR_INIT("style"),
	 .severity = SEVERITY_HIGH,
	 .confidence = 0.8,
	 .lines = 2,
	 .title = STR_INIT("Both")},
	{.id = STR_INIT("4"),
	 .path = STR_INIT("top.c"),
	 .pull_state = PULL_OPEN,
	 .category = STR_INIT("style"),
	 .severity = SEVERITY_LOW,
	 .confidence = -1,
	 .lines = 2,
	 .title = STR_INIT("Open"),
	 .lines_changed = 2,
	 .dismissed = true},
};

static const struct outcomes outcomes = {
	.schema_version = OUTCOMES_VERSION,
	.repository = STR_INIT("acme/widgets"),
	.reviewer = STR_INIT("outcrop"),
	.since = STR_INIT("2026-11-01T00:00:00Z"),
	.until = STR_INIT("2026-11-28T00:00:00Z"),
	.pulls = 3,
	.pulls_reviewed = 2,
	.control_lines = 40,
	.control_changed = 4,
	.findings = {.items = findings, .len = ARRAY_LEN(findings)},
};

static void set_agents(void)
{
	for (size_t i = 0; i < ARRAY_LEN(findings); i++)
		findings[i].agents = only_a;
	findings[2].agents = both;
}

TEST(open_pull_requests_are_not_judged)
{
	struct outcome_part all = OUTCOME_PART_ALL;
	struct outcome_figures figures = outcome_figures(&outcomes, &all);

	ck_assert_int_eq(figures.findings, 4);
	ck_assert_int_eq(figures.open, 1);
	ck_assert_int_eq(figures.judged, 3);
	ck_assert_int_eq(figures.changed, 1);
	ck_assert_int_eq(figures.lines, 6);
	ck_assert_int_eq(figures.lines_changed, 1);
	ck_assert_int_eq(figures.dismissed, 2);
	ck_assert_int_eq(figures.down, 1);
	ck_assert_double_eq_tol(outcomes_control(&outcomes), 0.1, 1e-12);
	ck_assert(isnan(outcomes_control(&(struct outcomes){0})));
}

TEST(parts_are_named_and_counted)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct outcome_row *rows;

	set_agents();
	ck_assert_uint_eq(outcome_rows(&arena, &outcomes, OUTCOME_BY_AGENT, &rows), 2);
	ck_assert_str_is(rows[1].name, STR("b"));
	ck_assert_int_eq(outcome_figures(&outcomes, &rows[1].part).findings, 1);
	ck_assert_uint_eq(outcome_rows(&arena, &outcomes, OUTCOME_BY_SEVERITY, &rows), 2);
	ck_assert_str_is(rows[0].name, STR("high"));
	ck_assert_uint_eq(outcome_rows(&arena, &outcomes, OUTCOME_BY_CONFIDENCE, &rows), 2);
	ck_assert_str_is(rows[1].name, STR("not given"));
}

TEST(lessons_are_kinds_that_people_dismissed)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct lessons lessons;

	set_agents();
	lessons = lessons_make(&arena, &outcomes);
	ck_assert_uint_eq(lessons.len, 2);
	ck_assert_str_is(lessons.items[0].folder, STR("src/net/"));
	ck_assert_int_eq(lessons.items[0].posted, 3);
	ck_assert_int_eq(lessons.items[0].dismissed, 2);
	ck_assert_uint_eq(lessons.items[0].titles.len, 2);
	ck_assert_str_is(lessons.items[0].reasons.items[0], STR("ours\nto choose"));
	ck_assert_uint_eq(value_len(lessons_value(&arena, &lessons)), 2);
}

TEST(records_have_every_finding)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *record = outcomes_value(&arena, &outcomes);
	const struct value *rows = value_get(record, "findings");

	ck_assert_uint_eq(value_len(rows), outcomes.findings.len);
	ck_assert_str_is(value_get_string(value_at(rows, 0), "title"), findings[0].title);
	ck_assert_int_eq(value_get_int(record, "control_lines", 0), outcomes.control_lines);
}

TEST(text_of_people_is_not_markup)
{
	SCOPED(buf) struct buf page = BUF_INIT;

	outcomes_page(&page, &outcomes, TABLE_MARKDOWN);
	ck_assert(!strstr(page.ptr, "](http"));
	ck_assert(!strstr(page.ptr, "@all"));
	ck_assert(strstr(page.ptr, "\"ours to choose\""));
	ck_assert(strstr(page.ptr,
			 "By line: 17 % of 6 lines with a finding changed, and 10 % of 40"));
}
