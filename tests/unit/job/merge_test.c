/* Merges: reports in, one review out, posted for the reviewer that they name. */
#include "bench.h"

/* The report of one shard of the pull request's commits. */
static struct joined_report report(struct bench *bench, const char *name, const char *reviewer,
				   const char *shard)
{
	struct str head = bench->github.hub->head_commit;
	struct str base = bench->github.hub->base_commit;
	struct str text = arena_printf(
		&bench->arena,
		"{\"schema_version\":1,\"tool\":{\"name\":\"outcrop\",\"version\":\"1\",\"reviewer\":\"%s\"},"
		"\"pull_request\":{\"repository\":\"o/r\",\"number\":1,\"base\":\"%.*s\",\"head\":\"%.*s\"},"
		"\"shard\":\"%s@%.*s..%.*s\","
		"\"conclusion\":\"clean\",\"agents\":[],\"findings\":[],\"dropped\":[],"
		"\"coverage\":{\"files\":1,\"reviewed\":1,\"skipped\":[]},"
		"\"published\":{\"planned\":0,\"posted\":0,\"unchanged\":0,\"failed\":0},"
		"\"usage\":{\"input_tokens\":0,\"output_tokens\":0},\"cost_usd\":0,\"notices\":[]}",
		reviewer, STR_ARG(base), STR_ARG(head), shard, STR_ARG(head), STR_ARG(base));

	return (struct joined_report){str_from(name), text};
}

static void merge(struct bench *bench, const struct joined_report *reports, size_t len)
{
	bench->perform = job_merge;
	bench->request.change = (struct change_request){.kind = CHANGE_PULL};
	bench->request.reports = reports;
	bench->request.reports_len = len;
	bench_run(bench);
}

TEST(a_merge_posts_for_the_reviewer_of_the_reports)
{
	BENCH(bench);
	const struct joined_report reports[] = {report(&bench, "1.json", "strict", "1/2"),
						report(&bench, "2.json", "strict", "2/2")};

	merge(&bench, reports, 2);
	ck_assert_msg(bench.outcome == JOB_DONE, "%s", bench.error.message);
	ck_assert_int_eq(bench.status, EXIT_DONE);
	ck_assert_int_eq(local_count_conversation(&bench.github, "name=strict"), 1);
	bench_stop(&bench);
}

TEST(a_merge_of_another_reviewer_is_refused)
{
	BENCH(bench);
	const struct joined_report reports[] = {report(&bench, "1.json", "strict", "1/1")};

	bench.request.choices.name = STR("outcrop");
	merge(&bench, reports, 1);
	ck_assert_int_eq(bench.outcome, JOB_FAILED);
	ck_assert_int_eq(bench.status, EXIT_WRONG_USE);
	ck_assert(str_contains(str_from(bench.error.message), STR("\"strict\"")));
	ck_assert_int_eq(bench.github.writes, 0);
	bench_stop(&bench);
}

TEST(reports_of_two_reviewers_are_not_joined)
{
	BENCH(bench);
	const struct joined_report reports[] = {report(&bench, "1.json", "strict", "1/2"),
						report(&bench, "2.json", "outcrop", "2/2")};

	bench.request.publish.on = false;
	merge(&bench, reports, 2);
	ck_assert_int_eq(bench.outcome, JOB_FAILED);
	ck_assert_int_eq(bench.status, EXIT_WRONG_USE);
	bench_stop(&bench);
}

TEST(a_shard_without_a_report_is_exit_4)
{
	BENCH(bench);
	const struct joined_report reports[] = {report(&bench, "1.json", "outcrop", "1/2")};

	bench.request.publish.on = false;
	merge(&bench, reports, 1);
	ck_assert_int_eq(bench.outcome, JOB_DONE);
	ck_assert_int_eq(bench.conclusion, CONCLUSION_PARTIAL);
	ck_assert_int_eq(bench.status, EXIT_INCOMPLETE);
	bench_stop(&bench);
}
