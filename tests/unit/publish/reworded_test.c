/* Problems of the golden folder "merge", told in two runs: one comment for each, whatever the words. */
#include "../finding/golden_findings.h"
#include "finding/merge.h"
#include "output/markdown.h"
#include "publish/match.h"

/* The finding as the comment of an earlier run shows it. */
static void post(struct arena *arena, struct previous *previous, const struct finding *finding,
		 bool dismissed)
{
	struct review_comment *comment = ARENA_NEW(arena, struct review_comment);
	SCOPED(buf) struct buf body = BUF_INIT;

	markdown_comment(&body, finding);
	comment->body = arena_str(arena, buf_str(&body));
	VEC_PUSH(&previous->findings, (struct previous_finding){
					      .record = {.id = finding->id,
							 .path = finding->path,
							 .title = finding->title,
							 .dismissed = dismissed},
					      .comment = comment,
					      .text = comment->body,
					      .first_line = finding->line,
					      .last_line = finding->end_line,
				      });
}

/* Whether a second run takes `again` for what the first one posted, which it may repeat. */
static bool is_taken_for(const struct finding *posted, const struct finding *again, bool repeated,
			 bool dismissed)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(findings) struct findings findings = {0};
	SCOPED(previous) struct previous previous = {0};
	struct previous_finding *matches[2];

	post(&arena, &previous, posted, dismissed);
	VEC_PUSH(&findings, *again);
	if (repeated)
		VEC_PUSH(&findings, *posted);
	match_findings(&findings, &previous, matches);
	return matches[0] != NULL;
}

static void check_pair(const struct golden *golden, const struct finding *a,
		       const struct finding *b, bool one)
{
	if (one) {
		ck_assert_msg(is_taken_for(a, b, false, false), "%s: posted again: %.*s",
			      golden->name, STR_ARG(b->title));
		ck_assert_msg(is_taken_for(a, b, false, true), "%s: posted after a dismissal: %.*s",
			      golden->name, STR_ARG(b->title));
		return;
	}
	ck_assert_msg(!is_taken_for(a, b, true, false), "%s: not posted: %.*s", golden->name,
		      STR_ARG(b->title));
	/* Equal code alone with one candidate is that one, wherever it is. */
	ck_assert_msg(str_eq(a->id, b->id) || !is_taken_for(a, b, false, true),
		      "%s: hidden by a dismissal: %.*s", golden->name, STR_ARG(b->title));
}

/*
 * What one run makes one finding is one in two runs, and what it keeps apart stays two, unless it was kept apart or
 * joined because of who said it.
 */
static void tell_twice(struct golden *golden, struct buf *out)
{
	SCOPED(findings) struct findings findings = {0};
	struct finding pair[2];

	golden_findings_placed(golden, &findings);
	ck_assert_uint_eq(findings.len, 2);
	pair[0] = findings.items[0];
	pair[1] = findings.items[1];
	findings_merge(&findings, NULL);
	if (!pair[0].sources_len) {
		check_pair(golden, &pair[0], &pair[1], findings.len == 1);
		check_pair(golden, &pair[1], &pair[0], findings.len == 1);
	}
	for (size_t i = 0; i < findings.len; i++)
		buf_addf(out, "%.*s\n", STR_ARG(findings.items[i].title));
}

TEST(a_problem_that_a_later_run_words_otherwise_is_the_same_and_another_one_is_not)
{
	golden_run("merge", tell_twice);
}
