/* Placing and merging by golden cases: a change and findings in, where they are and what remains out. */
#include "golden_findings.h"

#include "finding/merge.h"
#include "finding/place.h"

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

/* Names the first finding before this one that has the same id. */
static void add_same_id(struct buf *out, const struct findings *findings, size_t idx)
{
	for (size_t i = 0; i < idx; i++) {
		if (str_eq(findings->items[i].id, findings->items[idx].id)) {
			buf_addf(out, "same id as: %.*s\n", STR_ARG(findings->items[i].title));
			return;
		}
	}
}

/* A case with several findings names each by its title, and prints the body of what is shown as text. */
static void place(struct golden *golden, struct buf *out)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(findings) struct findings findings = {0};
	struct error err = {0};
	struct str text =
		arena_printf(&golden->arena, "%.*s\n", STR_ARG(golden_text(golden, "diff")));

	ck_assert_msg(diff_parse(text, &diff, &err), "%s: %s", golden->name, err.message);
	golden_findings(golden, &findings);
	for (size_t i = 0; i < findings.len; i++) {
		struct finding *finding = &findings.items[i];
		bool suggested = finding->has_suggestion;

		finding_place(&findings, finding, &diff);
		ck_assert_uint_eq(finding->id.len, 16);
		if (findings.len > 1)
			buf_addf(out, "%s%.*s: ", i ? "\n" : "", STR_ARG(finding->title));
		add_place(out, finding);
		if (findings.len > 1 && suggested && !finding->has_suggestion)
			buf_addf(out, "body:\n%.*s\n", STR_ARG(finding->body));
		add_same_id(out, &findings, i);
	}
}

TEST(findings_are_placed_by_what_they_quote_however_it_was_copied)
{
	golden_run("placement", place);
}

static void merge(struct golden *golden, struct buf *out)
{
	SCOPED(findings) struct findings findings = {0};

	golden_findings_placed(golden, &findings);
	findings_merge(&findings, NULL);
	for (size_t i = 0; i < findings.len; i++)
		buf_addf(out, "%.*s\n", STR_ARG(findings.items[i].title));
}

TEST(findings_of_one_problem_become_one_and_two_problems_stay_two)
{
	golden_run("merge", merge);
}
