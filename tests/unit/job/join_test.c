/* Joining reports: what belongs together, and what a missing shard means. */
#include "job/join.h"

#include "unit.h"

#define SHARD_REPORT(shard, head, skipped)                                                         \
	"{\"schema_version\":1,\"tool\":{\"name\":\"outcrop\",\"version\":\"1\"},"                 \
	"\"pull_request\":{\"repository\":\"o/r\",\"number\":7,\"base\":\"bb\",\"head\":\"" head   \
	"\"},\"shard\":\"" shard "\",\"conclusion\":\"clean\",\"agents\":[],\"findings\":[],"      \
	"\"dropped\":[],\"coverage\":{\"files\":2,\"reviewed\":1,\"skipped\":[" skipped "]},"      \
	"\"published\":{\"planned\":0,\"posted\":0,\"unchanged\":0,\"failed\":0},"                 \
	"\"usage\":{\"input_tokens\":0,\"output_tokens\":0},\"cost_usd\":0,\"notices\":[]}"
#define OTHER "{\"path\":\"b.c\",\"reason\":\"in another shard\",\"by_rule\":false}"
#define FIRST SHARD_REPORT("1/2@aa..bb", "aa", OTHER)
#define SECOND                                                                                     \
	SHARD_REPORT("2/2@aa..bb", "aa",                                                           \
		     "{\"path\":\"a.c\",\"reason\":\"in another shard\",\"by_rule\":false}")

struct join_outcome {
	struct arena arena;
	struct review_result result;
	struct joined joined;
	struct error err;
	bool ok;
};

static void outcome_release(struct join_outcome *outcome)
{
	review_result_release(&outcome->result);
	arena_release(&outcome->arena);
}

static void join_two(struct join_outcome *outcome, struct str first, struct str second)
{
	const struct joined_report reports[] = {{STR("1.json"), first}, {STR("2.json"), second}};

	outcome->ok = join_reports(reports, second.len ? 2 : 1, &outcome->arena, &outcome->result,
				   &outcome->joined, &outcome->err);
}

TEST(all_shards_give_a_whole_result)
{
	SCOPED(outcome) struct join_outcome outcome = {0};

	join_two(&outcome, STR(FIRST), STR(SECOND));
	ck_assert_msg(outcome.ok, "%s", outcome.err.message);
	ck_assert_int_eq(outcome.joined.missing, 0);
	ck_assert(!outcome.result.incomplete);
	ck_assert_int_eq(outcome.joined.number, 7);
	ck_assert_int_eq(outcome.result.coverage.reviewed, 2);
	ck_assert_uint_eq(outcome.result.coverage.skipped_len, 0);
}

TEST(a_missing_shard_leaves_its_files_unreviewed)
{
	SCOPED(outcome) struct join_outcome outcome = {0};

	join_two(&outcome, STR(FIRST), STR_EMPTY);
	ck_assert_msg(outcome.ok, "%s", outcome.err.message);
	ck_assert_int_eq(outcome.joined.missing, 1);
	ck_assert(outcome.result.incomplete);
	ck_assert_int_eq(outcome.result.coverage.reviewed, 1);
	ck_assert_uint_eq(outcome.result.coverage.skipped_len, 1);
	ck_assert(str_eq(outcome.result.coverage.skipped[0].path, STR("b.c")));
	ck_assert(!outcome.result.coverage.skipped[0].by_rule);
	ck_assert_int_eq(review_conclude(&outcome.result), CONCLUSION_PARTIAL);
}

static void refused(struct str first, struct str second, const char *why)
{
	SCOPED(outcome) struct join_outcome outcome = {0};

	join_two(&outcome, first, second);
	ck_assert(!outcome.ok);
	ck_assert_int_eq(outcome.err.kind, ERROR_CONFIG);
	ck_assert_msg(str_contains(str_from(outcome.err.message), str_from(why)), "%s",
		      outcome.err.message);
}

TEST(reports_that_do_not_belong_together_are_refused)
{
	refused(STR(FIRST), STR(FIRST), "1/2 is already in \"1.json\"");
	refused(STR(FIRST), STR(SHARD_REPORT("2/2@cc..bb", "cc", "")), "other commits");
	refused(STR(FIRST), STR(SHARD_REPORT("2/3@aa..bb", "aa", "")), "another plan");
	refused(STR(FIRST), STR(SHARD_REPORT("", "aa", "")), "cannot be joined");
	refused(STR("{}"), STR_EMPTY, "1.json");
	refused(STR("<html>"), STR_EMPTY, "1.json");
}

TEST(shard_names_are_entries_of_a_matrix)
{
	static const char *const wrong[] = {"", "1", "0/2@a..b", "3/2@a..b", "1/257@a..b", "1/2@a"};
	struct shard_name name;

	ck_assert(shard_name_parse(STR("2/4@aa..bb"), &name));
	ck_assert_int_eq(name.idx, 2);
	ck_assert_int_eq(name.len, 4);
	ck_assert(str_eq(name.head, STR("aa")) && str_eq(name.base, STR("bb")));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		ck_assert_msg(!shard_name_parse(str_from(wrong[i]), &name), "%s", wrong[i]);
}
