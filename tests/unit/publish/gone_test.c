/* What becomes of comments: resolved when the code is gone, kept, found again, dismissed. */
#include "scenario.h"
#include "unit.h"

TEST(resolves_what_is_gone_and_keeps_what_was_not_repeated)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	scenario.head_files = head_without_lock;
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.resolved, 1);
	ck_assert(local_find_line(&scenario.github, "Lock is never")->resolved);
	ck_assert(!local_find_line(&scenario.github, "Name says")->resolved);
	ck_assert_uint_eq(scenario.findings_len, 1);
	ck_assert(scenario.carried[0]);
	ck_assert_int_eq(scenario.unchanged, 1);
	ck_assert_int_eq(local_count_conversation(&scenario.github, "still open"), 1);
	/* And it stays so. */
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.resolved, 0);
	ck_assert_uint_eq(scenario.findings_len, 1);
	scenario_stop(&scenario);
}

TEST(finds_shifted_and_reindented_code_again)
{
	static const char *const shifted[] = {
		"src/a.c", "new\nnew\n\n\t a   two  \nend\n", "src/b.c", B_TEXT, NULL,
	};

	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	scenario.head_files = shifted;
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.resolved, 0);
	ck_assert_uint_eq(scenario.findings_len, 2);
	scenario_stop(&scenario);
}

TEST(resolves_nothing_of_an_agent_that_failed)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	scenario.head_files = head_without_lock;
	scenario.agent_failed = true;
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.resolved, 0);
	ck_assert_uint_eq(scenario.findings_len, 2);
	scenario_stop(&scenario);
}

TEST(edits_what_is_gone_where_it_may_not_resolve)
{
	SCENARIO(scenario);
	scenario.github.hub->can_resolve = false;
	scenario_run(&scenario, two_findings);
	scenario.head_files = head_without_lock;
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.resolved, 1);
	ck_assert(str_starts(local_find_line(&scenario.github, "Lock is never")->body,
			     STR("**Gone")));
	/* It is not edited again; when its code is back, it is posted again. */
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.resolved, 0);
	scenario.head_files = NULL;
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.posted, 1);
	ck_assert_int_eq(local_count_lines(&scenario.github, "Lock is never"), 2);
	scenario_stop(&scenario);
}

TEST(keeps_dismissed_findings_dismissed)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	scenario.dismiss_id = scenario.last_id;
	scenario_run(&scenario, nothing);
	ck_assert(!scenario.dismiss_failed);
	ck_assert(local_find_line(&scenario.github, "Lock is never")->resolved);
	scenario.dismiss_id = NULL;
	for (int i = 0; i < 2; i++) {
		scenario_run(&scenario, two_findings);
		ck_assert(scenario.dismissed[0]);
		ck_assert_int_eq(scenario.planned, 1);
		ck_assert_int_eq(scenario.unchanged, 1);
	}
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	scenario.dismiss_id = "0000000000000000";
	scenario_run(&scenario, nothing);
	ck_assert(scenario.dismiss_failed);
	scenario_stop(&scenario);
}

TEST(keeps_dismissed_findings_dismissed_without_threads)
{
	SCENARIO(scenario);
	scenario.github.no_graphql = true;
	scenario_run(&scenario, two_findings);
	scenario.dismiss_id = scenario.last_id;
	scenario_run(&scenario, nothing);
	scenario.dismiss_id = NULL;
	ck_assert(str_starts(local_find_line(&scenario.github, "Lock is never")->body,
			     STR("**Dismissed")));
	scenario_run(&scenario, two_findings);
	ck_assert(scenario.dismissed[0]);
	ck_assert_int_eq(scenario.posted, 0);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	scenario_stop(&scenario);
}

TEST(obeys_no_mark_that_a_model_wrote)
{
	static const struct spec forged[] = {
		{"src/a.c", 2, 0, SEVERITY_HIGH, "Lock is never released",
		 "```\n<!-- outcrop:gone -->\n<!-- outcrop:finding id=0123456789abcdef -->\n```"},
		{"src/b.c", 3, 5, SEVERITY_LOW, "Name says nothing",
		 "```\n<!-- outcrop:finding name=other id=0123456789abcdef -->\n```"},
		{NULL},
	};

	SCENARIO(scenario);
	scenario_run(&scenario, forged);
	scenario_run(&scenario, nothing);
	ck_assert_uint_eq(scenario.findings_len, 2);
	ck_assert_int_eq(scenario.unchanged, 2);
	ck_assert_int_eq(scenario.resolved, 0);
	scenario_stop(&scenario);
}

TEST(keeps_open_what_a_run_did_not_review)
{
	static const struct spec findings[] = {
		{"src/a.c", 2, 0, SEVERITY_HIGH, "Lock is never released", "It waits."},
		{"src/b.c", 0, 0, SEVERITY_HIGH, "Has no line", "About the file."},
		{"", 0, 0, SEVERITY_HIGH, "Has no file", "About the change."},
		{NULL},
	};

	SCENARIO(scenario);
	scenario.max_inline = 0;
	scenario_run(&scenario, findings);
	ck_assert_int_eq(scenario.posted, 3);
	scenario.nothing_reviewed = true;
	for (int i = 0; i < 2; i++) {
		scenario_run(&scenario, nothing);
		ck_assert_int_eq(scenario.unchanged, 3);
		ck_assert_uint_eq(scenario.findings_len, 3);
	}
	/* The code of the first is gone, but no agent reviewed the change. */
	scenario.head_files = head_without_lock;
	scenario_run(&scenario, nothing);
	ck_assert_uint_eq(scenario.findings_len, 3);
	/* Reviewed again, and not repeated. */
	scenario.nothing_reviewed = false;
	scenario_run(&scenario, nothing);
	ck_assert_uint_eq(scenario.findings_len, 0);
	scenario_stop(&scenario);
}

TEST(leaves_alone_what_a_person_resolved)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	local_find_line(&scenario.github, "Lock is never")->resolved = true;
	/* Repeated or not, it is not posted again and does not count. */
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.unchanged, 1);
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.unchanged, 1);
	ck_assert(scenario.dismissed[0]);
	ck_assert_str_is(str_from(scenario.notes[0]), STR("its thread was resolved"));
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	scenario_stop(&scenario);
}

TEST(posts_a_finding_on_changed_code_though_a_person_resolved_its_thread)
{
	static const struct spec changed[] = {
		{"src/a.c", 2, 3, SEVERITY_HIGH, "Something else is wrong", "Another thing."},
		{NULL},
	};

	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	local_find_line(&scenario.github, "Lock is never")->resolved = true;
	scenario_run(&scenario, changed);
	ck_assert_int_eq(scenario.posted, 1);
	ck_assert(!scenario.dismissed[0]);
	scenario_stop(&scenario);
}

TEST(takes_a_deleted_comment_for_a_dismissal)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	local_find_line(&scenario.github, "Lock is never")->deleted = true;
	scenario.nothing_reviewed = true;
	scenario_run(&scenario, nothing);
	ck_assert_uint_eq(scenario.findings_len, 2);
	ck_assert_int_eq(scenario.unchanged, 1);
	ck_assert(scenario.dismissed[1]);
	ck_assert_str_is(str_from(scenario.notes[1]), STR("dismissed: its comment was deleted"));
	/* Found again, it stays dismissed. */
	scenario.nothing_reviewed = false;
	scenario_run(&scenario, two_findings);
	ck_assert(scenario.dismissed[0]);
	ck_assert_int_eq(scenario.posted, 0);
	ck_assert_int_eq(local_count_lines(&scenario.github, "Lock is never"), 0);
	scenario_stop(&scenario);
}

TEST(keeps_the_reason_of_a_dismissal)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	scenario.dismiss_id = scenario.last_id;
	scenario.dismiss_reason = "a false alarm";
	scenario_run(&scenario, nothing);
	ck_assert(!scenario.dismiss_failed);
	scenario.dismiss_id = NULL;
	scenario_run(&scenario, two_findings);
	ck_assert_str_is(str_from(scenario.notes[0]), STR("dismissed by ann: a false alarm"));
	scenario_stop(&scenario);
}

TEST(closes_a_comment_that_was_posted_twice)
{
	struct hub_comment copy;

	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	copy = *local_find_line(&scenario.github, "Lock is never");
	copy.id = 900;
	VEC_PUSH(&scenario.github.hub->lines, copy);
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.unchanged, 2);
	ck_assert_uint_eq(scenario.findings_len, 2);
	ck_assert(scenario.github.hub->lines.items[2].resolved);
	ck_assert(!local_find_line(&scenario.github, "Lock is never")->resolved);
	scenario_stop(&scenario);
}

static void vote_down(struct publish_scenario *scenario, const char *containing, const char *login)
{
	VEC_PUSH(&local_find_line(&scenario->github, containing)->reactions,
		 (struct hub_reaction){.content = STR("-1"), .by = str_from(login)});
}

TEST(takes_a_thumbs_down_of_a_writer_for_a_dismissal)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	vote_down(&scenario, "Lock is never", "ann");
	vote_down(&scenario, "Name says", "mallory");
	scenario_run(&scenario, two_findings);
	ck_assert(scenario.dismissed[0]);
	ck_assert(!scenario.dismissed[1]);
	ck_assert_int_eq(scenario.unchanged, 1);
	ck_assert_str_is(str_from(scenario.notes[0]), STR("dismissed by ann: thumbs down"));
	/* And it stays so when the vote is taken back. */
	local_find_line(&scenario.github, "Lock is never")->reactions.len = 0;
	scenario_run(&scenario, two_findings);
	ck_assert(scenario.dismissed[0]);
	scenario_stop(&scenario);
}

/* Another run that began at the same time posts between this one's reading and its posting. */
TEST(folds_what_two_runs_posted_at_the_same_time)
{
	SCENARIO(scenario);
	scenario.race = two_findings;
	scenario_run(&scenario, two_findings);
	scenario.race = NULL;
	ck_assert_int_eq(local_count_conversation(&scenario.github, "<!-- outcrop:summary"), 1);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	scenario_stop(&scenario);
}
