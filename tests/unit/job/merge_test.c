/* Merges: reports in, one review out, posted for the reviewer that they name. */
#include "bench.h"

#define HEAD "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define BASE "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define REPORT(reviewer, shard)                                                                           \
	"{\"schema_version\":1,\"tool\":{\"name\":\"outcrop\",\"version\":\"1\",\"reviewer\":\"" reviewer \
	"\"},\"pull_request\":{\"repository\":\"o/r\",\"number\":1,\"base\":\"" BASE                      \
	"\",\"head\":\"" HEAD "\"},\"shard\":\"" shard "@" HEAD ".." BASE                                 \
	"\",\"conclusion\":\"clean\",\"agents\":[],\"findings\":[],\"dropped\":[],"                       \
	"\"coverage\":{\"files\":1,\"reviewed\":1,\"skipped\":[]},"                                       \
	"\"published\":{\"planned\":0,\"posted\":0,\"unchanged\":0,\"failed\":0},"                        \
	"\"usage\":{\"input_tokens\":0,\"output_tokens\":0},\"cost_usd\":0,\"notices\":[]}"

static const struct fake_route routes[] = {
	{"GET", "/repos/o/r/git/trees/" BASE, 200,
	 "{\"sha\":\"b\",\"tree\":[],\"truncated\":false}"},
	{"GET", "/repos/o/r/git/trees/" HEAD, 200,
	 "{\"sha\":\"a\",\"tree\":[],\"truncated\":false}"},
	{NULL},
};

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
	const struct joined_report reports[] = {{STR("1.json"), STR(REPORT("strict", "1/2"))},
						{STR("2.json"), STR(REPORT("strict", "2/2"))}};
	struct bench bench = {.github.routes = routes};

	bench_start(&bench);
	merge(&bench, reports, 2);
	ck_assert_msg(bench.outcome == JOB_DONE, "%s", bench.error.message);
	ck_assert_int_eq(bench.status, EXIT_DONE);
	ck_assert_int_eq(fake_count_issue(&bench.github, "name=strict"), 1);
	bench_stop(&bench);
}

TEST(a_merge_of_another_reviewer_is_refused)
{
	const struct joined_report reports[] = {{STR("1.json"), STR(REPORT("strict", "1/1"))}};
	struct bench bench = {.github.routes = routes};

	bench_start(&bench);
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
	const struct joined_report reports[] = {{STR("1.json"), STR(REPORT("strict", "1/2"))},
						{STR("2.json"), STR(REPORT("outcrop", "2/2"))}};
	struct bench bench = {.github.routes = routes};

	bench_start(&bench);
	bench.request.publish.on = false;
	merge(&bench, reports, 2);
	ck_assert_int_eq(bench.outcome, JOB_FAILED);
	ck_assert_int_eq(bench.status, EXIT_WRONG_USE);
	bench_stop(&bench);
}

TEST(a_shard_without_a_report_is_exit_4)
{
	const struct joined_report reports[] = {{STR("1.json"), STR(REPORT("outcrop", "1/2"))}};
	struct bench bench = {.github.routes = routes};

	bench_start(&bench);
	bench.request.publish.on = false;
	merge(&bench, reports, 1);
	ck_assert_int_eq(bench.outcome, JOB_DONE);
	ck_assert_int_eq(bench.conclusion, CONCLUSION_PARTIAL);
	ck_assert_int_eq(bench.status, EXIT_INCOMPLETE);
	bench_stop(&bench);
}
