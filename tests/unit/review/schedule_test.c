/* Tests of when units run: concurrency, cohorts, needs, budgets, time and signals. */
#include "harness.h"
#include "unit.h"

static const char plain_agent[] = "prompt: Review this. {{ diff }}\n";

static void add_agents(struct harness *harness, int count)
{
	static const char *const names[] = {"a", "b", "c", "d", "e", "f"};

	for (int i = 0; i < count; i++)
		harness_agent(harness, names[i], plain_agent);
}

struct scripted_bucket {
	int64_t level, refilled;
};

/* ---- Cohorts. ---- */

static int64_t billed_input(const struct harness *harness)
{
	const struct usage *usage = &harness->result.usage;

	/* What a token costs, in tenths of an input token's price. */
	return usage->input * 100 + usage->cache_write * 125 + usage->cache_read * 10;
}

static struct harness *run_four_agents(bool cache)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 4, 155); /* about 8,000 tokens */
	harness->models[0].model.cache = cache;
	harness->first_byte_ms = 1000;
	harness->duration_ms = 5000;
	add_agents(harness, 4);
	harness_run(harness);
	ck_assert(harness->ok);
	ck_assert_uint_eq(harness->calls_len, 4);
	return harness;
}

TEST(four_agents_on_one_diff_are_billed_under_0_45_of_four_independent_calls)
{
	struct harness *cached = run_four_agents(true);
	struct harness *plain = run_four_agents(false);

	ck_assert_int_gt(plain->result.usage.input, 4 * 8000);
	ck_assert_int_le(billed_input(cached) * 100, billed_input(plain) * 45);
	ck_assert_int_le(cached->took_ms, plain->took_ms + 1000);
	harness_free(cached);
	harness_free(plain);
}

TEST(followers_start_at_the_leaders_first_byte)
{
	struct harness *harness = run_four_agents(true);

	ck_assert_int_eq(harness->calls[0].sent_ms, harness->calls[1].sent_ms - 1000);
	for (size_t i = 1; i < 4; i++) {
		ck_assert_int_eq(harness->calls[i].sent_ms, harness->calls[1].sent_ms);
		ck_assert_int_gt(harness->calls[i].usage.cache_read, 8000);
		ck_assert(harness->calls[i].cache_point);
	}
	harness_free(harness);
}

TEST(a_short_prefix_is_not_waited_for_and_so_not_written_to_the_cache)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 1, 20);
	add_agents(harness, 3);
	harness_run(harness);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(harness->calls[i].sent_ms, harness->calls[0].sent_ms);
		ck_assert(!harness->calls[i].cache_point);
	}
	harness_free(harness);
}

TEST(a_prefix_under_the_models_minimum_is_not_delayed)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 1, 3);
	harness->models[0].model.traits.cache_tokens_min = 100000;
	add_agents(harness, 4);
	harness_run(harness);
	for (size_t i = 1; i < 4; i++)
		ck_assert_int_eq(harness->calls[i].sent_ms, harness->calls[0].sent_ms);
	ck_assert(!harness->calls[0].cache_point);
	harness_free(harness);
}

static bool refuse_first(struct harness *harness, struct error *err)
{
	return harness->calls_len > 1 || error_set(err, ERROR_INVALID, "refused");
}

TEST(when_the_leader_fails_another_one_leads)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 4, 155);
	harness->admit = refuse_first;
	add_agents(harness, 3);
	harness_run(harness);
	ck_assert_uint_eq(harness->calls_len, 3);
	ck_assert_int_eq(harness_row(harness, "a")->status, AGENT_FAILED);
	ck_assert_int_eq(harness_row(harness, "b")->status, AGENT_DONE);
	ck_assert_int_eq(harness_row(harness, "c")->status, AGENT_DONE);
	harness_free(harness);
}

/* ---- Many units. ---- */

TEST(a_thousand_units_run_in_the_time_that_their_number_needs)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 250, 25);
	harness->review.options.chunk_tokens = 600;
	harness->review.options.max_concurrency = 100;
	harness->models[0].model.cache = false;
	add_agents(harness, 4);
	harness_run(harness);
	ck_assert(harness->ok);
	ck_assert_uint_eq(harness->calls_len, 1000);
	ck_assert_int_le(harness->in_flight_max, 116);
	ck_assert_int_eq(harness->result.coverage.reviewed, 250);
	ck_assert_int_le(harness->took_ms, 300 * 10);
	harness_free(harness);
}

/* A bucket of ten, refilled with one each second; what it holds is in harness->ctx. */
static bool admit_sixty_a_minute(struct harness *harness, struct error *err)
{
	struct scripted_bucket *bucket = harness->ctx;
	int64_t seconds = clock_ms(&harness->clock) / 1000;

	bucket->level = MIN_OF(bucket->level + seconds - bucket->refilled, (int64_t)10);
	bucket->refilled = seconds;
	if (!bucket->level)
		return error_set(err, ERROR_THROTTLED, "too many requests");
	bucket->level--;
	return true;
}

TEST(a_throttled_review_of_180_units_needs_few_calls_and_little_more_time)
{
	static const int concurrencies[] = {4, 8, 16};

	for (size_t i = 0; i < ARRAY_LEN(concurrencies); i++) {
		struct harness *harness = harness_new(NULL);
		struct scripted_bucket bucket = {.level = 10};
		harness_big_diff(harness, 180, 25);
		harness->review.options.chunk_tokens = 600;
		harness->review.options.max_concurrency = concurrencies[i];
		harness->duration_ms = 2000;
		harness->admit = admit_sixty_a_minute;
		harness->ctx = &bucket;
		harness->pooled = true;
		harness_agent(harness, "a",
			      "prompt: Review this. {{ diff }}\nlimits: { seconds: 300 }\n");
		harness_run(harness);
		ck_assert_int_eq(harness->result.coverage.reviewed, 180);
		/* All parts say the same: once is enough. */
		ck_assert_str_is(harness_row(harness, "a")->summary, STR("fine"));
		ck_assert_uint_ge(harness->calls_len, 180);
		ck_assert_uint_le(harness->calls_len, 198);
		ck_assert_int_le(harness->took_ms, 172 * 1100);
		harness_free(harness);
	}
}

/* ---- Budgets. ---- */

TEST(max_calls_stops_the_run_and_lists_the_files_beyond)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 10, 40);
	harness->review.options.chunk_tokens = 600;
	harness->review.options.max_calls = 6;
	harness->review.options.max_concurrency = 1;
	add_agents(harness, 1);
	harness_run(harness);
	ck_assert(harness->ok);
	ck_assert_uint_eq(harness->calls_len, 6);
	ck_assert_int_eq(harness->result.stopped, STOPPED_CALLS);
	ck_assert_int_eq(harness->result.coverage.reviewed, 6);
	ck_assert_uint_eq(harness->result.coverage.skipped_len, 4);
	ck_assert_str_is(harness->result.coverage.skipped[0].reason, STR("--max-calls reached"));
	ck_assert_int_eq(review_conclude(&harness->result), CONCLUSION_PARTIAL);
	ck_assert_int_eq(harness_row(harness, "a")->status, AGENT_STOPPED);
	harness_free(harness);
}

TEST(max_cost_is_never_passed_even_with_many_calls_in_flight)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 60, 40);
	harness->review.options.chunk_tokens = 600;
	harness->review.options.max_concurrency = 20;
	harness->review.options.max_cost_usd = 0.5;
	add_agents(harness, 2);
	harness_run(harness);
	ck_assert(harness->ok);
	ck_assert_int_eq(harness->result.stopped, STOPPED_COST);
	ck_assert(harness->result.cost_usd <= 0.5);
	ck_assert(harness->result.cost_usd > 0.4);
	ck_assert_uint_lt(harness->calls_len, 120);
	harness_free(harness);
}

TEST(an_agents_own_cost_limit_fails_that_agent_only)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 20, 40);
	harness->review.options.chunk_tokens = 600;
	harness_agent(harness, "cheap", "prompt: Review. {{ diff }}\nlimits: { cost_usd: 0.05 }\n");
	harness_agent(harness, "other", plain_agent);
	harness_run(harness);
	ck_assert_int_eq(harness_row(harness, "cheap")->status, AGENT_FAILED);
	ck_assert(harness_row(harness, "cheap")->cost_usd <= 0.05);
	ck_assert_int_eq(harness_row(harness, "other")->status, AGENT_DONE);
	ck_assert_int_eq(harness->result.stopped, STOPPED_NOT);
	harness_free(harness);
}

/* ---- Time and signals. ---- */

TEST(the_runs_time_keeps_what_is_finished)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 10, 40);
	harness->review.options.chunk_tokens = 600;
	harness->review.options.max_concurrency = 1;
	harness->review.options.timeout_ms = 1000;
	harness->duration_ms = 5000;
	harness->first_byte_ms = 10;
	add_agents(harness, 1);
	harness_run(harness);
	ck_assert(harness->ok);
	ck_assert_int_eq(harness->took_ms, 1000);
	ck_assert_int_eq(harness->result.stopped, STOPPED_TIME);
	ck_assert(harness->result.incomplete);
	harness_free(harness);
}

TEST(a_signal_stops_calls_in_flight_and_keeps_what_is_finished)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 60, 40);
	harness->review.options.chunk_tokens = 600;
	harness->review.options.max_concurrency = 1;
	harness->duration_ms = 400;
	harness->cancel_at_ms = 1000;
	harness->models[0].model.cache = false;
	add_agents(harness, 1);
	harness_run(harness);
	ck_assert(harness->ok);
	ck_assert_int_eq(harness->took_ms, 1000);
	ck_assert_int_eq(harness->result.stopped, STOPPED_SIGNAL);
	ck_assert_int_gt(harness->result.coverage.reviewed, 0);
	ck_assert_int_lt(harness->result.coverage.reviewed, 60);
	ck_assert_int_eq(harness->result.coverage.reviewed +
				 (int64_t)harness->result.coverage.skipped_len,
			 60);
	harness_free(harness);
}

TEST(an_agent_that_passes_its_seconds_failed)
{
	struct harness *harness = harness_new(NULL);

	harness_big_diff(harness, 1, 40);
	harness->duration_ms = 60000;
	harness_agent(harness, "slow", "prompt: Review. {{ diff }}\nlimits: { seconds: 30 }\n");
	harness_run(harness);
	ck_assert_int_eq(harness->took_ms, 30000);
	ck_assert_int_eq(harness_row(harness, "slow")->status, AGENT_FAILED);
	ck_assert(str_contains(str_from(harness_row(harness, "slow")->error.message),
			       STR("limits.seconds")));
	ck_assert_int_eq(harness->result.stopped, STOPPED_NOT);
	harness_free(harness);
}
