/* Tests of shards: run apart and merged, they give what one run gives. */
#include "harness.h"
#include "review/shard_merge.h"
#include "unit.h"

enum { SHARDS = 4, FILES = 40 };

/* One finding for each file of the chunk, on its second line; agents agree. */
static bool answer_each_file(struct harness *harness UNUSED, const struct chat *chat,
			     struct reply *reply, struct error *err UNUSED)
{
	SCOPED(buf) struct buf json = BUF_INIT;
	bool first = true;

	buf_add_text(&json, "{\"summary\": \"s\", \"findings\": [");
	struct str shown = chat->messages[0].blocks[1].text;
	for (int i = 0; i < FILES; i++) {
		struct str evidence =
			arena_printf(chat->arena, "int value_%d_1 = compute_something(1);", i);
		if (!str_contains(shown, evidence))
			continue;
		buf_addf(
			&json,
			"%s{\"path\": \"dir%d/file%d.c\", \"line\": 2, \"severity\": \"%s\", \"title\": \"File %d is wrong\", \"body\": \"b\", \"evidence\": \"%.*s\"}",
			first ? "" : ",", i / 4, i, i % 2 ? "low" : "high", i, STR_ARG(evidence));
		first = false;
	}
	buf_add_text(&json, "]}");
	return reply_report(chat, reply, json.ptr);
}

static struct harness *run_shard(int shard, int shards)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, FILES, 60);
	harness->review.options.chunk_tokens = 1500;
	harness->review.options.shard = shard;
	harness->review.options.shards = shards;
	harness->answer = answer_each_file;
	harness_agent(harness, "code", "prompt: Review. {{ diff }}\n");
	harness_agent(harness, "security", "prompt: Review. {{ diff }}\n");
	harness_run(harness);
	ck_assert_msg(harness->ok, "%s", harness->error.message);
	return harness;
}

TEST(four_merged_shards_are_what_one_run_gives)
{
	struct harness *whole = run_shard(0, 0);
	struct harness *shards[SHARDS];
	const struct review_result *results[SHARDS];
	struct review_result merged = {0};

	for (int i = 0; i < SHARDS; i++) {
		shards[i] = run_shard(i + 1, SHARDS);
		ck_assert_int_lt(shards[i]->result.coverage.reviewed, FILES / 2);
		ck_assert_int_eq(review_conclude(&shards[i]->result), CONCLUSION_FINDINGS);
		results[i] = &shards[i]->result;
	}
	review_merge(results, SHARDS, &merged);
	ck_assert_uint_eq(whole->result.findings.len, FILES);
	ck_assert_uint_eq(merged.findings.len, FILES);
	for (size_t i = 0; i < FILES; i++) {
		ck_assert_str_is(merged.findings.items[i].id, whole->result.findings.items[i].id);
		ck_assert_uint_eq(merged.findings.items[i].sources_len, 2);
	}
	ck_assert_int_eq(merged.coverage.files, FILES);
	ck_assert_int_eq(merged.coverage.reviewed, FILES);
	ck_assert_uint_eq(merged.coverage.skipped_len, 0);
	ck_assert_uint_eq(merged.agents.len, 2);
	ck_assert_int_eq(merged.agents.items[0].units, whole->result.agents.items[0].units);
	ck_assert_int_eq(merged.agents.items[0].status, AGENT_DONE);
	ck_assert_int_eq(merged.usage.output, whole->result.usage.output);
	ck_assert_int_eq(review_conclude(&merged), CONCLUSION_FINDINGS);
	review_result_release(&merged);
	for (int i = 0; i < SHARDS; i++)
		harness_free(shards[i]);
	harness_free(whole);
}

TEST(a_file_that_one_shard_could_not_review_stays_listed)
{
	struct review_result a = {0}, b = {0}, merged = {0};
	const struct review_result *results[] = {&a, &b};

	a.coverage.files = b.coverage.files = 3;
	coverage_skip(&a.findings.arena, &a.coverage, STR("x.c"), STR("in another shard"), true);
	coverage_skip(&a.findings.arena, &a.coverage, STR("y.c"), STR("code failed"), false);
	coverage_skip(&b.findings.arena, &b.coverage, STR("y.c"), STR("in another shard"), true);
	coverage_skip(&b.findings.arena, &b.coverage, STR("z.lock"), STR("lockfile"), true);
	coverage_skip(&a.findings.arena, &a.coverage, STR("z.lock"), STR("lockfile"), true);
	review_merge(results, 2, &merged);
	ck_assert_int_eq(merged.coverage.reviewed, 1);
	ck_assert_uint_eq(merged.coverage.skipped_len, 2);
	ck_assert_int_eq(review_conclude(&merged), CONCLUSION_PARTIAL);
	review_result_release(&merged);
	review_result_release(&a);
	review_result_release(&b);
}
