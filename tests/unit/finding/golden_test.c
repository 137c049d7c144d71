/* Placing and suggestions by golden cases: a diff and a finding in, its place out. */
#include "golden.h"

#include "finding/merge.h"
#include "finding/place.h"
#include "finding/report_input.h"
#include "value/json.h"

static void add_place(struct buf *out, const struct finding *finding)
{
	buf_addf(out, "%s%s%s", placement_names[finding->placement],
		 finding->unverified ? ", unverified" : "",
		 finding->pre_existing ? ", pre-existing" : "");
	if (finding->placement != PLACEMENT_SUMMARY)
		buf_addf(out, " at %.*s:%u-%u %s", STR_ARG(finding->path), finding->line,
			 finding->end_line, finding->side == SIDE_LEFT ? "LEFT" : "RIGHT");
	if (finding->placement_reason.len)
		buf_addf(out, ": %.*s", STR_ARG(finding->placement_reason));
	buf_add_char(out, '\n');
	if (finding->quoted.len)
		buf_addf(out, "quoted:\n%.*s\n", STR_ARG(finding->quoted));
	if (finding->has_suggestion)
		buf_addf(out, "offered:\n%.*s\n", STR_ARG(finding->suggestion));
}

static void place(struct golden *golden, struct buf *out)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(findings) struct findings findings = {0};
	struct str summary;
	struct error err = {0};

	ck_assert_msg(diff_parse(arena_printf(&golden->arena, "%.*s\n",
					      STR_ARG(golden_text(golden, "diff"))),
				 &diff, &err),
		      "%s: %s", golden->name, err.message);
	struct str report = arena_printf(&golden->arena, "{\"findings\": [%.*s]}",
					 STR_ARG(golden_text(golden, "finding")));
	struct value *value = json_read(&golden->arena, report, 0, &err);
	ck_assert_msg(value && report_decode(value, &findings, &summary, &err), "%s: %s",
		      golden->name, err.message);
	finding_place(&findings, &findings.items[0], &diff);
	add_place(out, &findings.items[0]);
}

TEST(findings_are_placed_by_what_they_quote_however_it_was_copied)
{
	golden_run("placement", place);
}

/* Adds a finding that is placed where it says. */
static void add_placed(struct findings *findings, const struct value *tree)
{
	struct value *report = value_object(&findings->arena);
	struct value *list = value_array(&findings->arena);
	struct error err = {0};
	struct str summary;

	value_append(&findings->arena, list, value_copy(&findings->arena, tree));
	value_set(&findings->arena, report, "findings", list);
	ck_assert_msg(report_decode(report, findings, &summary, &err), "%s", err.message);
	struct finding *finding = &findings->items[findings->len - 1];
	finding->placement = finding->line ? PLACEMENT_INLINE : PLACEMENT_SUMMARY;
	finding->quoted = finding->evidence;
	finding->id = finding_fingerprint(&findings->arena, finding->path, finding->quoted);
}

static void merge(struct golden *golden, struct buf *out)
{
	SCOPED(findings) struct findings findings = {0};
	struct error err = {0};

	for (size_t i = 0; i < golden->len; i++) {
		if (!str_eq(golden->sections[i].name, STR("finding")))
			continue;
		struct value *tree = json_read(&golden->arena, golden->sections[i].text, 0, &err);
		ck_assert_msg(tree != NULL, "%s: %s", golden->name, err.message);
		add_placed(&findings, tree);
	}
	findings_merge(&findings, NULL);
	for (size_t i = 0; i < findings.len; i++)
		buf_addf(out, "%.*s\n", STR_ARG(findings.items[i].title));
}

TEST(findings_of_one_problem_become_one_and_two_problems_stay_two)
{
	golden_run("merge", merge);
}
