/* Reviews: from a request to an outcome, a status, and what is posted. */
#include <unistd.h>

#include "bench.h"

TEST(a_finding_is_posted_and_fails_the_run_that_asks_for_it)
{
	BENCH(bench);

	bench.report = BENCH_FINDING;
	bench.request.choices.fail_on = STR("high");
	bench_run(&bench);
	ck_assert_msg(bench.outcome == JOB_DONE, "%s\n%s", bench.error.message, bench.log.ptr);
	ck_assert_int_eq(bench.posted, bench.planned);
	ck_assert_int_ge(bench.posted, 1);
	ck_assert_int_eq(bench.status, EXIT_FINDINGS);
	ck_assert_int_eq(local_count_lines(&bench.github, "Lock is never released"), 1);
	bench_stop(&bench);
}

TEST(a_second_run_reviews_only_what_changed)
{
	BENCH(bench);
	size_t calls;

	bench_run(&bench);
	ck_assert_int_eq(bench.status, EXIT_DONE);
	calls = bench.model_calls;
	bench_run(&bench);
	ck_assert_int_eq(bench.outcome, JOB_DONE);
	ck_assert_uint_eq(bench.model_calls, calls);
	bench.request.publish.full = true;
	bench_run(&bench);
	ck_assert_uint_gt(bench.model_calls, calls);
	bench_stop(&bench);
}

TEST(without_publishing_the_pull_request_is_only_read)
{
	BENCH(bench);

	bench.report = BENCH_FINDING;
	bench.request.publish.on = false;
	bench_run(&bench);
	ck_assert_int_eq(bench.outcome, JOB_DONE);
	ck_assert_uint_eq(bench.findings, 1);
	ck_assert_int_eq(bench.github.writes, 0);
	bench_stop(&bench);
}

TEST(what_github_refuses_on_its_lines_is_logged)
{
	BENCH(bench);

	bench.report = BENCH_FINDING;
	local_hub_refuse(&bench.github, "src/a.c");
	bench_run(&bench);
	ck_assert_int_eq(bench.outcome, JOB_DONE);
	ck_assert_uint_ge(bench.warnings, 1);
	ck_assert(str_contains(buf_str(&bench.log),
			       STR("warning: src/a.c:2 is in the summary only")));
	bench_stop(&bench);
}

TEST(an_agent_without_a_result_is_exit_4)
{
	BENCH(bench);

	bench.report = NULL;
	bench_run(&bench);
	ck_assert_int_eq(bench.outcome, JOB_DONE);
	ck_assert_int_eq(bench.conclusion, CONCLUSION_FAILED);
	ck_assert_int_eq(bench.status, EXIT_INCOMPLETE);
	bench_stop(&bench);
}

TEST(a_change_without_files_is_skipped)
{
	static const char *const no_files[] = {NULL};
	struct bench bench = {.github.files = no_files};

	bench_start(&bench);
	bench_run(&bench);
	ck_assert_int_eq(bench.outcome, JOB_SKIPPED);
	ck_assert_str_eq(bench.reason, "the pull request changes no file");
	ck_assert_int_eq(bench.status, EXIT_DONE);
	bench_stop(&bench);
}

/* ---- Comments ---- */

TEST(help_that_cannot_be_posted_is_an_error)
{
	static const struct local_route routes[] = {
		{"POST", "/repos/o/r/issues/1/comments", 403,
		 "{\"message\":\"Resource not accessible by integration\"}"},
		{NULL},
	};
	struct bench bench = {.github.routes = routes};

	bench_start(&bench);
	bench_comment(&bench, "bob", "/outcrop help");
	bench_run(&bench);
	ck_assert_int_eq(bench.outcome, JOB_FAILED);
	ck_assert_int_eq(bench.status, EXIT_UNPOSTED);
	ck_assert(str_contains(str_from(bench.error.message), STR("bob")));
	bench_stop(&bench);
}

TEST(a_reaction_that_is_refused_keeps_no_review_back)
{
	static const struct local_route routes[] = {
		{"POST", "/repos/o/r/issues/comments/1001/reactions", 404,
		 "{\"message\":\"Not Found\"}"},
		{NULL},
	};
	struct bench bench = {.github.routes = routes};

	bench_start(&bench);
	bench_comment(&bench, "bob", "/outcrop review");
	bench_run(&bench);
	ck_assert_msg(bench.outcome == JOB_DONE, "%s", bench.error.message);
	ck_assert_uint_ge(bench.model_calls, 1);
	bench_stop(&bench);
}

TEST(an_agent_that_is_not_configured_is_answered_with_those_that_are)
{
	BENCH(bench);

	bench_comment(&bench, "bob", "/outcrop review please");
	bench_run(&bench);
	ck_assert_int_eq(bench.outcome, JOB_SKIPPED);
	/* The command itself, and the answer. */
	ck_assert_int_eq(local_count_conversation(&bench.github, "please"), 2);
	ck_assert_int_eq(local_count_conversation(&bench.github, "security"), 1);
	ck_assert_uint_eq(bench.model_calls, 0);
	bench_stop(&bench);
}

/* ---- Limits ---- */

TEST(the_limit_of_the_run_holds_while_the_pull_request_is_read)
{
	BENCH(bench);

	bench.real_time = true;
	bench.request.choices.timeout_minutes = 0.001; /* 60 ms */
	bench.github.delay_ms = 400;
	bench_run(&bench);
	ck_assert_int_eq(bench.outcome, JOB_FAILED);
	ck_assert_int_eq(bench.status, EXIT_STOPPED);
	ck_assert(str_contains(str_from(bench.error.message), STR("timeout-minutes")));
	bench_stop(&bench);
}
