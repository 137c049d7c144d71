/* Tests of retries, their waits and their quota, fallback, and the pool that puts them together. */
#include <stdio.h>

#include "model/layers.h"
#include "scripted.h"
#include "unit.h"

/* One call through a pool, and what came of it. */
struct trial {
	struct scripted service, other;
	struct model_pool_options options;
	bool with_other;
	int64_t timeout_ms;
	const struct watch *watch;
	bool answered;
	struct reply reply;
	struct error error;
	struct arena arena;
	int64_t took_ms;
	double price_output; /* of the model that answered */
};

static void trial_init(struct trial *trial)
{
	*trial = (struct trial){.options.max_concurrency = 4};
	scripted_init(&trial->service, "first");
	scripted_init(&trial->other, "second");
	scripted_add(&trial->other, (struct scripted_outcome){.text = "other"});
}

static void ask_once(void *arg)
{
	struct trial *trial = arg;
	struct chat chat = {.arena = &trial->arena, .inference = {.max_tokens = 100}};
	struct loop *loop = loop_current();
	OWNED(model_pool) struct model_pool *pool = model_pool_new(loop, &trial->options);
	const struct model *other =
		model_pool_add(pool, &(struct model_pool_entry){.inner = &trial->other.model});
	struct model_pool_entry entry = {.inner = &trial->service.model,
					 .fallbacks = &other,
					 .fallbacks_len = trial->with_other};
	const struct model *model = model_pool_add(pool, &entry);
	int64_t start = clock_ms(loop_clock(loop));

	message_add_text(&trial->arena, chat_add(&chat, ROLE_USER), STR("question"));
	trial->answered = model_ask(model, &chat, trial->watch, &trial->reply, &trial->error);
	if (trial->answered && trial->reply.price)
		trial->price_output = trial->reply.price->output;
	trial->took_ms = clock_ms(loop_clock(loop)) - start;
}

static void ask_in_time(void *arg)
{
	struct trial *trial = arg;
	SCOPED(group) struct group group;
	struct error err = {0};

	group_init(&group, NULL);
	if (trial->timeout_ms)
		group_set_deadline(&group, trial->timeout_ms);
	group_spawn(&group, "ask", ask_once, trial);
	ck_assert(task_join(&group, &err));
}

static void run_trial(struct trial *trial)
{
	struct random random;

	random_init_fixed(&random, 3);
	trial->options.random = &random;
	run_virtual(ask_in_time, trial);
}

static void fail_times(struct trial *trial, enum error_kind kind, int times)
{
	for (int i = 0; i < times; i++)
		scripted_add(&trial->service, (struct scripted_outcome){.kind = kind});
	scripted_add(&trial->service, (struct scripted_outcome){.text = "fine"});
}

static void check_attempts(enum error_kind kind, int failures, int attempts_max, int expected)
{
	struct trial trial;

	trial_init(&trial);
	trial.options.attempts_max = attempts_max;
	fail_times(&trial, kind, failures);
	run_trial(&trial);
	ck_assert_msg((int)trial.service.calls == expected, "%s: %zu calls, expected %d",
		      error_kind_name(kind), trial.service.calls, expected);
	ck_assert_int_eq(trial.answered, expected > failures);
	if (trial.answered)
		ck_assert_int_eq(trial.reply.attempts, expected);
	arena_release(&trial.arena);
}

TEST(faults_are_waited_out_for_seconds)
{
	static const enum error_kind kinds[] = {ERROR_SERVER, ERROR_NETWORK, ERROR_TIMEOUT,
						ERROR_PROTOCOL};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		int most = kinds[i] == ERROR_PROTOCOL ? 3 : 4;

		check_attempts(kinds[i], most - 1, 0, most);
		check_attempts(kinds[i], 9, 0, most);
	}
}

TEST(other_failures_are_final)
{
	static const enum error_kind kinds[] = {ERROR_INVALID, ERROR_DENIED, ERROR_NOT_FOUND,
						ERROR_QUOTA,   ERROR_MODEL,  ERROR_CREDENTIALS,
						ERROR_TLS,     ERROR_CONFIG};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		check_attempts(kinds[i], 1, 0, 1);
}

TEST(aws_max_attempts_bounds_all_attempts)
{
	check_attempts(ERROR_SERVER, 9, 2, 2);
	check_attempts(ERROR_THROTTLED, 9, 2, 2);
	check_attempts(ERROR_THROTTLED, 1, 2, 2);
	check_attempts(ERROR_SERVER, 9, 1, 1);
	check_attempts(ERROR_SERVER, 5, 7, 6);
}

TEST(retries_after_throttling_until_it_ends)
{
	check_attempts(ERROR_THROTTLED, 20, 0, 21);
}

TEST(throttling_is_waited_out_only_until_the_deadline)
{
	struct trial trial;

	trial_init(&trial);
	trial.timeout_ms = 300000;
	scripted_add(&trial.service, (struct scripted_outcome){.kind = ERROR_THROTTLED});
	run_trial(&trial);
	ck_assert(!trial.answered);
	ck_assert_int_eq(trial.error.kind, ERROR_TIMEOUT);
	ck_assert_int_eq(trial.took_ms, 300000);
	/* 1, 2, 4... 60, 60 seconds apart. */
	ck_assert_uint_ge(trial.service.calls, 8);
	ck_assert_uint_le(trial.service.calls, 12);
	arena_release(&trial.arena);
}

static bool always(void *ctx UNUSED)
{
	return true;
}

TEST(nothing_is_tried_again_once_it_was_shown)
{
	const struct watch watch = {.committed = always};
	struct trial trial;

	trial_init(&trial);
	trial.watch = &watch;
	fail_times(&trial, ERROR_NETWORK, 1);
	run_trial(&trial);
	ck_assert(!trial.answered);
	ck_assert_uint_eq(trial.service.calls, 1);
	arena_release(&trial.arena);
}

/* ---- The published numbers of retry 2.1. ---- */

/* The delays before jitter of the attempts 1 to 11, and the costs (botocore, tests of retry 2.1). */
TEST(delays_are_those_published_for_retry_2_1)
{
	static const int64_t delays_ms[] = {50,   100,  200,   400,   800,  1600,
					    3200, 6400, 12800, 20000, 20000};
	const struct error throttled = {.kind = ERROR_THROTTLED};
	const struct error fault = {.kind = ERROR_SERVER};

	for (size_t i = 0; i < ARRAY_LEN(delays_ms); i++)
		ck_assert_int_eq(retry_delay_ms(RETRY_2_1, &fault, (int)i + 1, 1), delays_ms[i]);
	ck_assert_int_eq(retry_cost(RETRY_2_1, &fault), 14);
	ck_assert_int_eq(retry_cost(RETRY_2_1, &throttled), 5);
	ck_assert_int_eq(RETRY_QUOTA_INITIAL, 500);
}

TEST(a_hint_of_the_service_is_kept_within_five_seconds)
{
	static const struct {
		int64_t hint_ms, delay_ms;
	} rows[] = {{1500, 1500}, {0, 50}, {10000, 5050}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct error err = {.kind = ERROR_SERVER, .retry_after_ms = rows[i].hint_ms};
		ck_assert_int_eq(retry_delay_ms(RETRY_2_1, &err, 1, 1), rows[i].delay_ms);
	}
}

TEST(throttling_and_standard_mode_start_from_a_second)
{
	const struct error fault = {.kind = ERROR_SERVER, .retry_after_ms = 9000};
	const struct error throttled = {.kind = ERROR_THROTTLED};
	const struct error timeout = {.kind = ERROR_TIMEOUT};

	ck_assert_int_eq(retry_delay_ms(RETRY_2_1, &throttled, 3, 1), 4000);
	ck_assert_int_eq(retry_delay_ms(RETRY_LEGACY, &fault, 1, 0.5), 500);
	ck_assert_int_eq(retry_delay_ms(RETRY_LEGACY, &fault, 9, 1), 20000);
	ck_assert_int_eq(retry_cost(RETRY_LEGACY, &fault), 5);
	ck_assert_int_eq(retry_delay_ms(RETRY_PATIENT, &timeout, 1, 0.5), 1000);
	ck_assert_int_eq(retry_delay_ms(RETRY_PATIENT, &timeout, 2, 0), 1500);
	ck_assert_int_eq(retry_delay_ms(RETRY_PATIENT, &timeout, 3, 1), 5000);
	ck_assert_int_eq(retry_cost(RETRY_LEGACY, &timeout), 10);
}

/* A retried model over a bare gate, to look at the quota. */
struct quota_trial {
	struct scripted service;
	struct retry_quota quota;
	int before;
	size_t calls_expected;
};

static void ask_with_quota(void *arg)
{
	struct quota_trial *trial = arg;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct chat chat = {.arena = &arena};
	struct gate gate;
	struct random random;
	struct reply reply;
	struct error err = {0};

	random_init_fixed(&random, 1);
	gate_init(&gate, loop_current(), 0, 0);
	struct retried_model ctx = {.inner = &trial->service.model,
				    .gate = &gate,
				    .quota = &trial->quota,
				    .random = &random,
				    .mode = RETRY_2_1};
	const struct model model = {.ops = &retry_ops, .ctx = &ctx};
	(void)!model_ask(&model, &chat, NULL, &reply, &err);
}

static void check_quota(int faults, int before, int after, size_t calls)
{
	struct quota_trial trial = {.quota.left = before};

	scripted_init(&trial.service, "first");
	for (int i = 0; i < faults; i++)
		scripted_add(&trial.service, (struct scripted_outcome){.kind = ERROR_SERVER});
	scripted_add(&trial.service, (struct scripted_outcome){.text = "fine"});
	run_virtual(ask_with_quota, &trial);
	ck_assert_int_eq(trial.quota.left, after);
	ck_assert_uint_eq(trial.service.calls, calls);
}

TEST(the_quota_pays_for_retries_and_gets_them_back)
{
	check_quota(0, 500, 500, 1);
	check_quota(0, 400, 401, 1); /* no retry gives back one */
	check_quota(1, 500, 500, 2); /* 14 taken, 14 given back */
	check_quota(2, 500, 486, 3); /* only the last one is given back */
	check_quota(3, 500, 472, 3); /* failed: nothing is given back */
	check_quota(1, 13, 13, 1);   /* too little left: no retry */
}

/* ---- Fallback. ---- */

static void check_fallback(enum error_kind kind, bool helps)
{
	struct trial trial;

	trial_init(&trial);
	trial.with_other = true;
	trial.options.attempts_max = 1;
	scripted_add(&trial.service, (struct scripted_outcome){.kind = kind});
	run_trial(&trial);
	ck_assert_int_eq(trial.answered, helps);
	ck_assert_uint_eq(trial.other.calls, helps ? 1 : 0);
	if (helps) {
		ck_assert_str_is(trial.reply.model, STR("second"));
		ck_assert_double_eq(trial.price_output, 2);
	}
	arena_release(&trial.arena);
}

TEST(the_next_model_answers_when_one_is_unavailable_denied_or_exhausted)
{
	check_fallback(ERROR_DENIED, true);
	check_fallback(ERROR_NOT_FOUND, true);
	check_fallback(ERROR_QUOTA, true);
	check_fallback(ERROR_THROTTLED, true);
	check_fallback(ERROR_SERVER, true);
	check_fallback(ERROR_INVALID, false);
	check_fallback(ERROR_CREDENTIALS, false);
}

TEST(a_model_that_refuses_for_a_minute_is_exhausted_when_another_can_answer)
{
	struct trial trial;

	trial_init(&trial);
	trial.with_other = true;
	scripted_add(&trial.service, (struct scripted_outcome){.kind = ERROR_THROTTLED});
	run_trial(&trial);
	ck_assert(trial.answered);
	ck_assert_str_is(trial.reply.model, STR("second"));
	ck_assert_uint_eq(trial.service.calls, RETRY_REFUSALS_MAX);
	ck_assert_int_ge(trial.took_ms, 30000);
	ck_assert_int_le(trial.took_ms, 70000);
	arena_release(&trial.arena);
}

TEST(a_stopped_call_has_no_fallback)
{
	struct trial trial;

	trial_init(&trial);
	trial.with_other = true;
	trial.timeout_ms = 5000;
	scripted_add(&trial.service, (struct scripted_outcome){.kind = ERROR_THROTTLED});
	run_trial(&trial);
	ck_assert(!trial.answered);
	ck_assert_uint_eq(trial.other.calls, 0);
	arena_release(&trial.arena);
}

/* ---- Whole answers. ---- */

static void ask_whole(void *arg)
{
	struct trial *trial = arg;
	struct chat chat = {.arena = &trial->arena, .inference = {.max_tokens = 100}};

	trial->answered =
		model_ask_whole(&trial->service.model, &chat, NULL, &trial->reply, &trial->error);
}

TEST(a_cut_answer_is_asked_for_once_more_with_four_times_as_much)
{
	struct trial trial;

	trial_init(&trial);
	scripted_add(&trial.service, (struct scripted_outcome){.stop = STOP_MAX_TOKENS});
	scripted_add(&trial.service, (struct scripted_outcome){.stop = STOP_END, .text = "whole"});
	run_virtual(ask_whole, &trial);
	ck_assert(trial.answered);
	ck_assert_int_eq(trial.service.max_tokens[1], 400);
	ck_assert_int_eq(trial.reply.usage.input, 200);
	arena_release(&trial.arena);
}

TEST(an_answer_that_is_cut_twice_is_a_failure)
{
	struct trial trial;

	trial_init(&trial);
	scripted_add(&trial.service, (struct scripted_outcome){.stop = STOP_MAX_TOKENS});
	run_virtual(ask_whole, &trial);
	ck_assert(!trial.answered);
	ck_assert_int_eq(trial.error.kind, ERROR_MODEL);
	ck_assert_uint_eq(trial.service.calls, 2);
	arena_release(&trial.arena);
}
