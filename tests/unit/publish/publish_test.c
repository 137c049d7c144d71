/* Publishing: what is posted after one run, and after the next. */
#include <stdio.h>

#include "scenario.h"
#include "unit.h"

#define FINDING_MARK "<!-- outcrop:finding id="
#define SUMMARY_MARK "<!-- outcrop:summary -->"

TEST(posts_one_review_and_one_summary)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	ck_assert_msg(!scenario.error.kind, "%s", scenario.error.message);
	ck_assert_int_eq(scenario.planned, 2);
	ck_assert_int_eq(scenario.posted, 2);
	ck_assert_int_eq(local_count_reviews(&scenario.github), 1);
	ck_assert_int_eq(local_count_lines(&scenario.github, FINDING_MARK), 2);
	ck_assert_int_eq(local_count_conversation(&scenario.github, SUMMARY_MARK), 1);
	ck_assert_int_eq(local_find_line(&scenario.github, "Name says")->start_line, 3);
	ck_assert_int_eq(local_find_line(&scenario.github, "Name says")->line, 5);
	scenario_stop(&scenario);
}

TEST(posts_nothing_twice)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	for (int i = 0; i < 3; i++) {
		scenario_run(&scenario, two_findings);
		ck_assert_msg(!scenario.error.kind, "%s", scenario.error.message);
		ck_assert_int_eq(scenario.unchanged, 2);
		ck_assert_int_eq(scenario.posted, 0);
	}
	ck_assert_int_eq(local_count_reviews(&scenario.github), 1);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	ck_assert_int_eq(local_count_conversation(&scenario.github, ""), 1);
	scenario_stop(&scenario);
}

TEST(leaves_one_comment_however_a_finding_is_reworded)
{
	static const struct spec versions[][2] = {
		{{"src/a.c", 2, 4, SEVERITY_HIGH, "Lock is never released", "It waits."}, {NULL}},
		{{"src/a.c", 2, 4, SEVERITY_LOW, "Deadlock", "Two threads hang."}, {NULL}},
		{{"src/a.c", 3, 5, SEVERITY_CRITICAL, "Hang", "Nothing goes on."}, {NULL}},
		{{"src/a.c", 4, 0, SEVERITY_INFO, "Missing unlock", "See above."}, {NULL}},
		{{"src/a.c", 1, 3, SEVERITY_MEDIUM, "Mutex", "Stays taken."}, {NULL}},
	};

	SCENARIO(scenario);
	for (size_t i = 0; i < ARRAY_LEN(versions); i++) {
		scenario_run(&scenario, versions[i]);
		ck_assert_msg(!scenario.error.kind, "%s", scenario.error.message);
		ck_assert_int_eq(scenario.planned, 1);
	}
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 1);
	scenario_stop(&scenario);
}

TEST(keeps_two_findings_on_one_line)
{
	static const struct spec both[] = {
		{"src/a.c", 2, 0, SEVERITY_HIGH, "Lock is never released", "It waits."},
		{"src/a.c", 2, 0, SEVERITY_LOW, "Name says nothing", "Call it otherwise."},
		{NULL},
	};
	static const struct spec swapped[] = {
		{"src/a.c", 2, 0, SEVERITY_LOW, "The name says nothing", "Rename it."},
		{"src/a.c", 2, 0, SEVERITY_HIGH, "The lock is not released", "It waits."},
		{NULL},
	};

	SCENARIO(scenario);
	scenario_run(&scenario, both);
	ck_assert_int_eq(scenario.posted, 2);
	scenario_run(&scenario, swapped);
	ck_assert_int_eq(scenario.unchanged, 2);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	scenario_stop(&scenario);
}

TEST(one_comment_explains_what_two_reviewers_say_of_two_places)
{
	static const struct spec twice[] = {
		{"src/a.c", 2, 0, SEVERITY_MEDIUM,
		 "A failed assertion leaves the extension installed",
		 "The test installs into the home of the user. When an assertion fails, the uninstall at the end is skipped and the extension stays for later runs.",
		 "architect"},
		{"src/a.c", 7, 0, SEVERITY_LOW,
		 "A failing assertion leaves the test extension enabled",
		 "The uninstall here runs only when each assertion before it holds. Else the extension stays installed in the user's home, and later runs load it.",
		 "code-quality"},
		{NULL},
	};
	static const struct spec other[] = {
		{"src/a.c", 2, 0, SEVERITY_MEDIUM,
		 "A failed assertion leaves the extension installed",
		 "The test installs into the home of the user. When an assertion fails, the uninstall at the end is skipped and the extension stays for later runs.",
		 "architect"},
		{"src/a.c", 7, 0, SEVERITY_LOW,
		 "The folder is deleted although the user asked to keep it",
		 "The cleanup owns the removal of the folder and keeps it on request. This line removes it always.",
		 "code-quality"},
		{NULL},
	};

	SCENARIO(scenario);
	scenario_run(&scenario, twice);
	ck_assert_int_eq(scenario.planned, 2);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 1);
	ck_assert_int_eq(local_count_lines(&scenario.github, "The same problem is at "), 1);
	scenario_stop(&scenario);
	scenario_start(&scenario);
	scenario_run(&scenario, other);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	scenario_stop(&scenario);
}

TEST(puts_refused_comments_into_the_summary)
{
	static const struct spec four[] = {
		{"src/a.c", 2, 0, SEVERITY_HIGH, "First", NULL},
		{"src/a.c", 5, 0, SEVERITY_HIGH, "Second", NULL},
		{"src/b.c", 3, 0, SEVERITY_HIGH, "Refused one", NULL},
		{"src/c.c", 3, 0, SEVERITY_HIGH, "Fourth", NULL},
		{NULL},
	};

	SCENARIO(scenario);
	local_hub_refuse(&scenario.github, "src/b.c");
	scenario_run(&scenario, four);
	ck_assert_msg(!scenario.error.kind, "%s", scenario.error.message);
	ck_assert_int_eq(scenario.posted, 4);
	ck_assert_int_eq(local_count_reviews(&scenario.github), 1);
	ck_assert_int_eq(local_count_lines(&scenario.github, FINDING_MARK), 3);
	ck_assert_int_eq(local_count_conversation(&scenario.github, "Refused one"), 1);
	ck_assert_int_eq(scenario.placements[2], PLACEMENT_SUMMARY);
	for (size_t i = 0; i < scenario.github.hub->reviews.len; i++)
		ck_assert(!scenario.github.hub->reviews.items[i].pending);

	/* It is not tried on its lines again. */
	scenario.github.writes = 0;
	scenario_run(&scenario, four);
	ck_assert_int_eq(scenario.unchanged, 4);
	ck_assert_int_le(scenario.github.writes, 1);
	ck_assert_int_eq(local_count_lines(&scenario.github, FINDING_MARK), 3);
	scenario_stop(&scenario);
}

TEST(deletes_a_pending_review_of_our_own)
{
	SCENARIO(scenario);
	VEC_PUSH(&scenario.github.hub->reviews, (struct hub_review){
							.id = 50,
							.author = scenario.github.hub->login,
							.body = STR("<!-- outcrop:review id=x -->"),
							.pending = true,
						});
	scenario_run(&scenario, two_findings);
	ck_assert_msg(!scenario.error.kind, "%s", scenario.error.message);
	ck_assert(scenario.github.hub->reviews.items[0].deleted);
	ck_assert_int_eq(local_count_lines(&scenario.github, FINDING_MARK), 2);
	scenario_stop(&scenario);
}

TEST(names_the_owner_of_another_pending_review)
{
	SCENARIO(scenario);
	/* The token is that of a person who has begun a review in the browser. */
	scenario.github.hub->login = STR("ann");
	VEC_PUSH(&scenario.github.hub->reviews,
		 (struct hub_review){.id = 50, .author = STR("ann"), .pending = true});
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.error.kind, ERROR_CONFLICT);
	ck_assert(str_contains(str_from(scenario.error.message), STR("\"ann\"")));
	ck_assert(scenario.github.hub->reviews.items[0].pending);
	/* Nothing is lost: both are in the summary. */
	ck_assert_int_eq(scenario.posted, 2);
	ck_assert_int_eq(local_count_conversation(&scenario.github, "Lock is never released"), 1);
	/* Once it is gone, they get their lines. */
	scenario.github.hub->reviews.items[0].pending = false;
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(local_count_lines(&scenario.github, FINDING_MARK), 2);
	ck_assert_int_eq(scenario.posted, 2);
	scenario_stop(&scenario);
}

TEST(caps_comments_on_lines_over_all_runs)
{
	static const struct spec three[] = {
		{"src/a.c", 2, 0, SEVERITY_CRITICAL, "First", NULL},
		{"src/b.c", 3, 0, SEVERITY_HIGH, "Second", NULL},
		{"src/c.c", 3, 0, SEVERITY_LOW, "Third", NULL},
		{NULL},
	};

	SCENARIO(scenario);
	scenario.max_inline = 2;
	scenario_run(&scenario, three);
	ck_assert_int_eq(scenario.posted, 3);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	ck_assert_int_eq(local_count_lines(&scenario.github, "Third"), 0);
	ck_assert_int_eq(local_count_conversation(&scenario.github, "Third"), 1);
	scenario_run(&scenario, three);
	ck_assert_int_eq(scenario.unchanged, 3);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	scenario_stop(&scenario);
}

TEST(keeps_the_text_of_findings_in_the_summary_only)
{
	static const struct spec unplaced[] = {
		{"src/a.c", 0, 0, SEVERITY_LOW, "The design is unclear",
		 "Two modules do one thing."},
		{"src/b.c", 3, 0, SEVERITY_LOW, "Beyond the limit", "Words of the second."},
		{NULL},
	};

	SCENARIO(scenario);
	scenario.max_inline = 0;
	scenario_run(&scenario, unplaced);
	ck_assert_int_eq(scenario.posted, 2);
	/* A failed agent repeats nothing: both findings stay unchanged. */
	scenario.agent_failed = true;
	for (int i = 0; i < 2; i++) {
		scenario_run(&scenario, nothing);
		ck_assert_int_eq(scenario.unchanged, 2);
		ck_assert_int_eq(
			local_count_conversation(&scenario.github, "Two modules do one thing."), 1);
		ck_assert_int_eq(local_count_conversation(&scenario.github, "Words of the second."),
				 1);
	}
	/* A finding without code is gone when its agent finished and did not repeat it. */
	scenario.agent_failed = false;
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.unchanged, 1);
	ck_assert_int_eq(local_count_conversation(&scenario.github, "Two modules do one thing."),
			 0);
	ck_assert_int_eq(local_count_conversation(&scenario.github, "Words of the second."), 1);
	scenario_stop(&scenario);
}

TEST(finds_redacted_code_again)
{
	static const char secret_diff[] =
		"diff --git a/src/a.c b/src/a.c\nnew file mode 100644\n--- /dev/null\n"
		"+++ b/src/a.c\n@@ -0,0 +1 @@\n+key = \"[redacted:assigned-secret]\"\n";
	/* In two parts, so that no scanner takes this file for a leak. */
	static const char *const head[] = {
		"src/a.c",
		"int x;\nkey = \"AKIAQ3EGRT5PLX7V2MNB\"\n",
		NULL,
	};
	static const struct spec leak[] = {
		{"src/a.c", 1, 0, SEVERITY_HIGH, "A key in the code", NULL},
		{NULL},
	};

	SCENARIO(scenario);
	scenario.diff_text = secret_diff;
	scenario_run(&scenario, leak);
	scenario.head_files = head;
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.resolved, 0);
	ck_assert_uint_eq(scenario.findings_len, 1);
	scenario_stop(&scenario);
}

TEST(leaves_out_what_is_below_the_floor)
{
	SCENARIO(scenario);
	scenario.min_severity = SEVERITY_MEDIUM;
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.planned, 1);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 1);
	/* The report alone has the other. */
	ck_assert_uint_eq(scenario.findings_len, 2);
	ck_assert_str_is(str_from(scenario.notes[1]), STR("below `min-severity`"));
	ck_assert_int_eq(local_count_conversation(&scenario.github, "Name says nothing"), 0);
	ck_assert_int_eq(local_count_conversation(&scenario.github, "1 low"), 0);
	scenario_stop(&scenario);
}

TEST(writes_nothing_when_nothing_is_asked_for)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	scenario.no_review = true;
	scenario.no_summary = true;
	scenario.head_files = head_without_lock;
	scenario.github.writes = 0;
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.github.writes, 0);
	scenario_stop(&scenario);
}

TEST(writes_nothing_in_a_dry_run)
{
	SCENARIO(scenario);
	scenario.dry_run = true;
	scenario.check = true;
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.would_post, 2);
	ck_assert_int_eq(scenario.planned, 0);
	ck_assert_int_eq(scenario.github.writes, 0);
	scenario_stop(&scenario);
}

TEST(touches_no_comment_of_another_author)
{
	static const char summary[] = "mine\n\n" SUMMARY_MARK;
	static const char finding[] = FINDING_MARK "0123456789abcdef -->";

	SCENARIO(scenario);
	local_hub_comment(&scenario.github, "mallory", summary, NULL, 0);
	local_hub_comment(&scenario.github, "mallory", finding, "src/a.c", 2);
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.posted, 2);
	ck_assert_str_is(scenario.github.hub->conversation.items[0].body, str_from(summary));
	ck_assert_int_eq(local_count_conversation(&scenario.github, SUMMARY_MARK), 2);
	scenario_run(&scenario, nothing);
	ck_assert_str_is(scenario.github.hub->lines.items[0].body, str_from(finding));
	ck_assert(!scenario.github.hub->lines.items[0].resolved);
	scenario_stop(&scenario);
}

TEST(keeps_reviewers_of_different_names_apart)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	scenario.name = "second";
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.posted, 2);
	ck_assert_int_eq(local_count_conversation(&scenario.github,
						  "<!-- outcrop:summary name=second -->"),
			 1);
	ck_assert_int_eq(local_count_conversation(&scenario.github, SUMMARY_MARK), 1);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 4);
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.unchanged, 2);
	scenario_stop(&scenario);
}

TEST(needs_no_state_to_post_nothing_twice)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	scenario.github.hub->conversation.items[0].deleted = true;
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.unchanged, 2);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	ck_assert_int_eq(local_count_conversation(&scenario.github, SUMMARY_MARK), 1);
	/* Severity and title are read from the comment. */
	scenario.github.hub->conversation.items[1].deleted = true;
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.severities[0], SEVERITY_HIGH);
	ck_assert_int_eq(scenario.severities[1], SEVERITY_LOW);
	ck_assert_int_eq(
		local_count_conversation(&scenario.github, "| Lock is never released *(from"), 1);
	/* Whether it is gone is still decided by the code. */
	scenario.github.hub->conversation.items[2].deleted = true;
	scenario.head_files = head_without_lock;
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.resolved, 1);
	ck_assert_uint_eq(scenario.findings_len, 1);
	scenario_stop(&scenario);
}

TEST(removes_a_second_summary)
{
	SCENARIO(scenario);
	scenario_run(&scenario, two_findings);
	local_hub_comment(&scenario.github, "github-actions[bot]", "again\n\n" SUMMARY_MARK, NULL,
			  0);
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(local_count_conversation(&scenario.github, SUMMARY_MARK), 1);
	scenario_stop(&scenario);
}

TEST(continues_a_long_summary_and_takes_it_back)
{
	SCENARIO(scenario);
	scenario.notice_size = 100000;
	scenario_run(&scenario, two_findings);
	ck_assert_msg(!scenario.error.kind, "%s", scenario.error.message);
	ck_assert_int_eq(local_count_conversation(&scenario.github, SUMMARY_MARK), 1);
	ck_assert_int_eq(
		local_count_conversation(&scenario.github, "<!-- outcrop:summary part=2 -->"), 1);
	for (size_t i = 0; i < scenario.github.hub->conversation.len; i++)
		ck_assert_uint_le(scenario.github.hub->conversation.items[i].body.len, 65536);
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(
		local_count_conversation(&scenario.github, "<!-- outcrop:summary part=2 -->"), 1);
	scenario.notice_size = 0;
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(local_count_conversation(&scenario.github, "part="), 0);
	ck_assert_int_eq(local_count_conversation(&scenario.github, SUMMARY_MARK), 1);
	scenario_stop(&scenario);
}

TEST(places_comments_again_when_the_head_moved)
{
	static const char *const moved[] = {
		"src/a.c", "new\nnew\na two\n", "src/b.c", "rewritten\n", "src/c.c", "c\n", NULL,
	};

	SCENARIO(scenario);
	local_hub_push(&scenario.github, moved);
	scenario_run(&scenario, two_findings);
	ck_assert_msg(!scenario.error.kind, "%s", scenario.error.message);
	ck_assert_int_eq(scenario.posted, 2);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 1);
	ck_assert_int_eq(local_find_line(&scenario.github, "Lock is never")->line, 3);
	ck_assert_int_eq(local_count_conversation(&scenario.github, "Name says nothing"), 1);
	ck_assert_int_eq(scenario.placements[1], PLACEMENT_SUMMARY);
	scenario_stop(&scenario);
}

TEST(annotates_fifty_a_request_and_uploads_sarif)
{
	static struct spec many[121];

	for (size_t i = 0; i < 120; i++)
		many[i] = (struct spec){"src/a.c", (uint32_t)(i % 8) + 1, 0, SEVERITY_LOW, "Same",
					NULL};
	SCENARIO(scenario);
	scenario.check = true;
	scenario.sarif = "{\"version\":\"2.1.0\"}";
	scenario.no_review = true;
	scenario_run(&scenario, many);
	ck_assert_msg(!scenario.error.kind, "%s", scenario.error.message);
	ck_assert_uint_eq(scenario.github.hub->checks.len, 1);
	ck_assert_uint_eq(local_count_annotations(&scenario.github), 120);
	ck_assert_uint_eq(value_len(scenario.github.hub->uploads), 1);
	ck_assert_int_eq(local_count_reviews(&scenario.github), 0);
	scenario_stop(&scenario);
}

TEST(concludes_the_check_run_as_the_job)
{
	static const struct {
		const struct spec *specs;
		int fail_on; /* below 0: never */
		bool agent_failed;
		struct str conclusion;
	} cases[] = {
		{two_findings, SEVERITY_HIGH, false, STR_INIT("failure")},
		{two_findings, SEVERITY_CRITICAL, false, STR_INIT("neutral")},
		{two_findings, -1, false, STR_INIT("neutral")},
		{two_findings, -1, true, STR_INIT("failure")},
		{nothing, SEVERITY_HIGH, false, STR_INIT("success")},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		SCENARIO(scenario);
		scenario.check = true;
		scenario.fail_on = cases[i].fail_on;
		scenario.has_fail_on = cases[i].fail_on >= 0;
		scenario.agent_failed = cases[i].agent_failed;
		scenario_run(&scenario, cases[i].specs);
		ck_assert_str_is(value_get_string(scenario.github.hub->checks.items[0].latest,
						  "conclusion"),
				 cases[i].conclusion);
		scenario_stop(&scenario);
	}
}

TEST(posts_a_summary_when_there_is_nothing_to_say)
{
	SCENARIO(scenario);
	scenario_run(&scenario, nothing);
	ck_assert_int_eq(scenario.planned, 0);
	ck_assert_int_eq(local_count_conversation(&scenario.github, SUMMARY_MARK), 1);
	ck_assert_int_eq(local_count_reviews(&scenario.github), 0);
	scenario_stop(&scenario);
}

TEST(publishes_on_lines_only_when_asked_so)
{
	SCENARIO(scenario);
	scenario.no_summary = true;
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.posted, 2);
	ck_assert_int_eq(local_count_conversation(&scenario.github, ""), 0);
	scenario_run(&scenario, two_findings);
	ck_assert_int_eq(scenario.unchanged, 2);
	ck_assert_int_eq(local_count_lines(&scenario.github, ""), 2);
	scenario_stop(&scenario);
}
