/* Tests of the learned pace, against a service with a hidden bucket. */
#include "base/random.h"
#include "model/retry.h"
#include "unit.h"

enum { UNITS = 180, SPARE_TASKS = 16 };

/* A service that takes `rate` requests a second out of a bucket, refilled once a second. */
struct service {
	struct loop *loop;
	struct random random;
	double rate, capacity, level;
	int64_t phase_ms;    /* when in each second the bucket is refilled */
	int64_t refilled;    /* seconds refilled so far */
	int64_t duration_ms; /* of an answer */
	int64_t latency_ms;  /* at most, until a refusal arrives */
	int calls, refused;
	int64_t last_end_ms;
};

static int64_t service_now(const struct service *service)
{
	return clock_ms(loop_clock(service->loop));
}

static void service_refill(struct service *service)
{
	int64_t seconds = (service_now(service) + service->phase_ms) / 1000;

	service->level += (double)(seconds - service->refilled) * service->rate;
	service->level = MIN_OF(service->level, service->capacity);
	service->refilled = seconds;
}

static bool service_ask(void *ctx, const struct chat *chat, const struct watch *watch,
			struct reply *reply, struct error *err)
{
	struct service *service = ctx;
	int64_t latency = (int64_t)(random_unit(&service->random) * (double)service->latency_ms);

	(void)chat;
	(void)watch;
	service->calls++;
	if (!task_sleep(latency, err))
		return false;
	service_refill(service);
	if (service->level < 1) {
		service->refused++;
		return error_set(err, ERROR_THROTTLED, "too many requests");
	}
	service->level -= 1;
	if (!task_sleep(service->duration_ms, err))
		return false;
	*reply = (struct reply){.stop = STOP_END};
	service->last_end_ms = service_now(service);
	return true;
}

static const struct model_ops service_ops = {.ask = service_ask};

/* The layers between the callers and the service. */
struct stack {
	struct service service;
	struct gate gate;
	struct permits permits;
	struct random random;
	struct retry_quota quota;
	struct model bare, gated, retried;
	struct gated_model gated_model;
	struct retried_model retried_model;
	int units, next, answered;
	int concurrency;
	int64_t requests_per_minute;
};

static void stack_init(struct stack *stack)
{
	struct loop *loop = loop_current();

	stack->service.loop = loop;
	gate_init(&stack->gate, loop, stack->requests_per_minute, 0);
	permits_init(&stack->permits, loop, stack->concurrency);
	retry_quota_init(&stack->quota);
	stack->bare = (struct model){.ops = &service_ops, .ctx = &stack->service};
	stack->gated_model = (struct gated_model){&stack->bare, &stack->gate, &stack->permits};
	stack->gated = (struct model){.ops = &gate_ops, .ctx = &stack->gated_model};
	stack->retried_model = (struct retried_model){.inner = &stack->gated,
						      .gate = &stack->gate,
						      .quota = &stack->quota,
						      .random = &stack->random};
	stack->retried = (struct model){.ops = &retry_ops, .ctx = &stack->retried_model};
}

static void worker(void *arg)
{
	struct stack *stack = arg;

	while (stack->next < stack->units) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct chat chat = {.arena = &arena};
		struct reply reply;
		struct error err = {0};
		stack->next++;
		if (model_ask(&stack->retried, &chat, NULL, &reply, &err))
			stack->answered++;
	}
}

static void run_units(void *arg)
{
	struct stack *stack = arg;
	SCOPED(group) struct group group;
	struct error err = {0};

	stack_init(stack);
	group_init(&group, NULL);
	for (int i = 0; i < MIN_OF(stack->concurrency + SPARE_TASKS, stack->units); i++)
		group_spawn(&group, "unit", worker, stack);
	ck_assert(task_join(&group, &err));
}

static void simulate(struct stack *stack)
{
	struct clock clock;

	clock_init_virtual(&clock, 0);
	struct loop *loop = loop_new(&clock);
	loop_run(loop, run_units, stack);
	loop_free(loop);
}

static void check_sixty_a_minute(int concurrency, uint64_t seed, int64_t latency_ms)
{
	struct stack stack = {.units = UNITS,
			      .concurrency = concurrency,
			      .service = {.rate = 1,
					  .capacity = 10,
					  .level = 10,
					  .duration_ms = 2000,
					  .latency_ms = latency_ms,
					  .phase_ms = (int64_t)(seed * 83 % 1000)}};
	const int64_t ideal_ms = 170 * 1000 + 2000; /* ten at once, then one each second */

	random_init_fixed(&stack.random, seed);
	random_init_fixed(&stack.service.random, seed + 100);
	simulate(&stack);
	ck_assert_int_eq(stack.answered, UNITS);
	ck_assert_int_le(stack.service.calls, UNITS * 11 / 10);
	ck_assert_int_le(stack.service.last_end_ms, ideal_ms * 11 / 10);
}

TEST(learns_sixty_a_minute_with_few_refused_calls_and_little_delay)
{
	static const int concurrencies[] = {4, 6, 8, 12, 16};

	for (size_t i = 0; i < ARRAY_LEN(concurrencies); i++)
		for (uint64_t seed = 1; seed <= 12; seed++)
			check_sixty_a_minute(concurrencies[i], seed, (int64_t)(seed % 4) * 15);
}

TEST(learns_it_too_when_all_units_start_together)
{
	static const int concurrencies[] = {32, 64, 100, 180};

	for (size_t i = 0; i < ARRAY_LEN(concurrencies); i++)
		for (uint64_t seed = 1; seed <= 8; seed++)
			check_sixty_a_minute(concurrencies[i], seed, (int64_t)(seed % 3));
}

/* Returns how many calls are made, on average, until a bucket of ten with one more each second admits 60. */
static double calls_for_sixty(int concurrency, int64_t latency_ms)
{
	enum { FEW = 60, SEEDS = 12 };
	int calls = 0;

	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct stack stack = {.units = FEW,
				      .concurrency = concurrency,
				      .service = {.rate = 1,
						  .capacity = 10,
						  .level = 10,
						  .duration_ms = 2000,
						  .latency_ms = latency_ms,
						  .phase_ms = (int64_t)(seed * 83 % 1000)}};
		random_init_fixed(&stack.random, seed);
		random_init_fixed(&stack.service.random, seed + 100);
		simulate(&stack);
		ck_assert_int_eq(stack.answered, FEW);
		calls += stack.service.calls;
	}
	return (double)calls / SEEDS;
}

TEST(a_short_run_has_few_calls_refused_in_its_first_burst)
{
	ck_assert_double_le(calls_for_sixty(4, 15), 60 * 1.1);
	ck_assert_double_le(calls_for_sixty(16, 5), 60 * 1.1);
	ck_assert_double_le(calls_for_sixty(64, 5), 60 * 1.1);
	ck_assert_double_le(calls_for_sixty(64, 15), 60 * 1.25);
}

TEST(a_service_that_refuses_nothing_is_hardly_slowed)
{
	struct stack stack = {
		.units = UNITS,
		.concurrency = UNITS,
		.service = {.rate = 1000, .capacity = 1000, .level = 1000, .duration_ms = 500}};

	simulate(&stack);
	ck_assert_int_eq(stack.service.calls, UNITS);
	ck_assert_int_le(stack.service.last_end_ms, 500 + 45);
}

TEST(configured_limits_are_kept_from_the_first_call_on)
{
	struct stack stack = {.units = UNITS,
			      .concurrency = 16,
			      .requests_per_minute = 60,
			      .service = {.rate = 1,
					  .capacity = 11,
					  .level = 11,
					  .duration_ms = 2000,
					  .latency_ms = 5}};

	simulate(&stack);
	ck_assert_int_eq(stack.service.refused, 0);
	ck_assert_int_le(stack.service.last_end_ms, 172 * 1100);
}

TEST(waits_grow_to_a_minute_while_everything_is_refused)
{
	struct limiter limiter;
	int64_t now = 0;
	int64_t wait = 0;

	limiter_init(&limiter, 0, 0);
	for (int i = 0; i < 12; i++) {
		limiter_sent(&limiter, now, 0);
		limiter_refused(&limiter, now, now + 1, 0, 0);
		int64_t next = limiter_wait_ms(&limiter, now + 1, 0);
		ck_assert_int_ge(next, MIN_OF(wait, 60000));
		wait = next;
		now += wait + 1;
	}
	ck_assert_int_ge(wait, 60000);
	ck_assert_int_le(wait, 61000);
}

TEST(a_wait_that_the_service_asks_for_is_kept)
{
	struct limiter limiter;

	limiter_init(&limiter, 0, 0);
	limiter_sent(&limiter, 0, 0);
	limiter_refused(&limiter, 0, 10, 0, 7000);
	ck_assert_int_ge(limiter_wait_ms(&limiter, 10, 0), 7000);
}

TEST(tokens_a_minute_are_kept_and_unused_ones_come_back)
{
	struct limiter limiter;

	limiter_init(&limiter, 0, 60000);
	limiter_sent(&limiter, 0, 50000);
	ck_assert_int_eq(limiter_wait_ms(&limiter, 0, 10000), 0);
	ck_assert_int_eq(limiter_wait_ms(&limiter, 0, 12000), 2000);
	limiter_answered(&limiter, 2000);
	ck_assert_int_eq(limiter_wait_ms(&limiter, 0, 12000), 0);
}
