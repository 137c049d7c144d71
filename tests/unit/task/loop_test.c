/* Turns, time, groups, cancelling and signals. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "task/task_internal.h"
#include "unit.h"
#include "virtual.h"

enum { FLOWS = 1000 };

/* What the tasks of a test write down, in order. */
struct trail {
	char text[256];
	struct group *group;
	struct error err;
	int count;
};

static void note(struct trail *trail, const char *word)
{
	size_t len = strlen(trail->text);

	snprintf(trail->text + len, sizeof(trail->text) - len, "%s ", word);
}

struct sleeper {
	struct trail *trail;
	const char *name;
	int64_t ms;
	bool ok;
	struct error err;
};

static void sleep_and_note(void *arg)
{
	struct sleeper *sleeper = arg;

	sleeper->ok = task_sleep(sleeper->ms, &sleeper->err);
	if (sleeper->trail)
		note(sleeper->trail, sleeper->name);
}

static void three_sleepers(void *arg)
{
	struct trail *trail = arg;
	struct sleeper sleepers[] = {
		{trail, "slow", 450}, {trail, "quick", 300}, {trail, "middle", 400}};
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	for (size_t i = 0; i < ARRAY_LEN(sleepers); i++)
		group_spawn(&group, sleepers[i].name, sleep_and_note, &sleepers[i]);
	ck_assert(task_join(&group, &trail->err));
	note(trail, "joined");
	ck_assert(sleepers[0].ok && sleepers[1].ok && sleepers[2].ok);
}

TEST(sleepers_wake_in_the_order_of_their_time_and_side_by_side)
{
	struct trail trail = {0};

	ck_assert_int_eq(run_virtual(three_sleepers, &trail), 450);
	ck_assert_str_eq(trail.text, "quick middle slow joined ");
}

static void yield_twice(void *arg)
{
	struct sleeper *sleeper = arg;

	for (int i = 0; i < 3; i++) {
		note(sleeper->trail, sleeper->name);
		ck_assert(task_yield(&sleeper->err));
	}
}

static void two_yielders(void *arg)
{
	struct trail *trail = arg;
	struct sleeper a = {.trail = trail, .name = "a"};
	struct sleeper b = {.trail = trail, .name = "b"};
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	group_spawn(&group, "a", yield_twice, &a);
	group_spawn(&group, "b", yield_twice, &b);
	note(trail, "first");
	ck_assert(task_join(&group, &trail->err));
}

TEST(tasks_that_yield_take_turns)
{
	struct trail trail = {0};

	run_virtual(two_yielders, &trail);
	ck_assert_str_eq(trail.text, "first a b a b a b ");
}

static void cancel_after_a_while(void *arg)
{
	struct trail *trail = arg;
	struct sleeper sleeper = {.ms = 60000};
	SCOPED(group) struct group group;
	SCOPED(group) struct group below;

	group_init(&group, NULL);
	group_init(&below, &group);
	group_spawn(&below, "sleeper", sleep_and_note, &sleeper);
	ck_assert(task_sleep(10, &trail->err));
	group_cancel(&group);
	ck_assert(task_join(&below, &trail->err));
	ck_assert(!sleeper.ok);
	ck_assert_int_eq(sleeper.err.kind, ERROR_CANCELLED);

	/* A task that is spawned too late runs, and its first wait fails. */
	sleeper = (struct sleeper){.trail = trail, .name = "ran", .ms = 1, .ok = true};
	group_spawn(&below, "late", sleep_and_note, &sleeper);
	ck_assert(task_join(&below, &trail->err));
	ck_assert(!sleeper.ok);
	group_release(&below);
	group_init(&below, &group);
	ck_assert(group_is_cancelled(&below));
}

TEST(cancelling_a_group_ends_the_waits_of_all_below_it)
{
	struct trail trail = {0};

	ck_assert_int_eq(run_virtual(cancel_after_a_while, &trail), 10);
	ck_assert_str_eq(trail.text, "ran ");
}

static void deadline_passes(void *arg)
{
	struct trail *trail = arg;
	struct sleeper sleepers[2] = {{.ms = 100}, {.ms = 9000}};
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	group_set_deadline(&group, 5000);
	group_set_deadline(&group, 2500);
	group_spawn(&group, "in time", sleep_and_note, &sleepers[0]);
	group_spawn(&group, "too long", sleep_and_note, &sleepers[1]);
	ck_assert(task_join(&group, &trail->err));
	ck_assert(sleepers[0].ok);
	ck_assert(!sleepers[1].ok);
	ck_assert_int_eq(sleepers[1].err.kind, ERROR_TIMEOUT);
	ck_assert_str_eq(sleepers[1].err.message, "stopped: the limit of 2.5 s is over");
}

TEST(a_deadline_cancels_its_group_with_the_reason)
{
	struct trail trail = {0};

	ck_assert_int_eq(run_virtual(deadline_passes, &trail), 2500);
}

static void sleep_below(void *arg)
{
	struct sleeper *outer = arg;
	struct sleeper inner = {.ms = 100000};
	SCOPED(group) struct group group;

	group_init(&group, task_group());
	group_spawn(&group, "inner", sleep_and_note, &inner);
	outer->ok = task_join(&group, &outer->err);
	group_release(&group);
	ck_assert_int_eq(inner.err.kind, ERROR_TIMEOUT);
}

static void deadline_above(void *arg)
{
	struct trail *trail = arg;
	struct sleeper outer = {.ok = true};
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	group_set_deadline(&group, 500);
	group_spawn(&group, "outer", sleep_below, &outer);
	ck_assert(task_join(&group, &trail->err));
	ck_assert(!outer.ok);
	ck_assert_int_eq(outer.err.kind, ERROR_TIMEOUT);
}

TEST(a_deadline_ends_the_groups_below_too)
{
	struct trail trail = {0};

	ck_assert_int_eq(run_virtual(deadline_above, &trail), 500);
}

static void join_inside(void *arg)
{
	struct trail *trail = arg;
	struct sleeper stubborn = {.ms = 50};
	SCOPED(group) struct group inner;

	group_init(&inner, NULL);
	group_spawn(&inner, "stubborn", sleep_and_note, &stubborn);
	if (!task_join(&inner, &trail->err))
		note(trail, error_kind_name(trail->err.kind));
	/* Leaving the scope waits for the other, cancelled or not. */
	group_release(&inner);
	ck_assert_int_eq(stubborn.err.kind, ERROR_CANCELLED);
	note(trail, "released");
}

static void cancel_a_joiner(void *arg)
{
	struct trail *trail = arg;
	struct error err = {0};
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	group_spawn(&group, "joiner", join_inside, trail);
	ck_assert(task_sleep(1, &err));
	group_cancel(&group);
	ck_assert(task_join(&group, &err));
}

TEST(a_cancelled_join_returns_and_release_still_waits)
{
	struct trail trail = {0};

	ck_assert_int_eq(run_virtual(cancel_a_joiner, &trail), 1);
	ck_assert_str_eq(trail.text, "cancelled released ");
}

static void wait_until_late(void *arg)
{
	struct trail *trail = arg;
	int64_t now_ns = clock_ns(loop_clock(loop_current()));

	ck_assert(!task_wait(now_ns + 7000000, &trail->err));
	ck_assert_int_eq(trail->err.kind, ERROR_TIMEOUT);
}

TEST(a_wait_with_a_deadline_ends_with_a_timeout)
{
	struct trail trail = {0};

	ck_assert_int_eq(run_virtual(wait_until_late, &trail), 7);
}

static void count_after_sleeps(void *arg)
{
	struct trail *trail = arg;

	for (int i = 0; i < 10; i++)
		ck_assert(task_sleep(1000 + i, &trail->err));
	trail->count++;
}

static void thousand_flows(void *arg)
{
	struct trail *trail = arg;
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	for (int i = 0; i < FLOWS; i++)
		group_spawn(&group, "flow", count_after_sleeps, trail);
	ck_assert(task_join(&group, &trail->err));
}

TEST(a_thousand_flows_run_in_virtual_time)
{
	struct trail trail = {0};

	ck_assert_int_eq(run_virtual(thousand_flows, &trail), 10045);
	ck_assert_int_eq(trail.count, FLOWS);
}

static void sleep_really(void *arg)
{
	struct trail *trail = arg;

	ck_assert(task_sleep(20, &trail->err));
}

TEST(real_time_passes_with_a_real_clock)
{
	struct trail trail = {0};
	struct clock clock;
	OWNED(loop) struct loop *loop = NULL;
	int64_t took_ms;

	clock_init(&clock);
	loop = loop_new(&clock);
	loop_run(loop, sleep_really, &trail);
	took_ms = clock_ms(&clock);
	ck_assert_msg(took_ms >= 20 && took_ms < 60000, "20 ms took %d ms", (int)took_ms);
}

static void burn_cpu(void *arg)
{
	int64_t start_ns = clock_cpu_ns();

	(void)arg;
	while (clock_cpu_ns() - start_ns < 2 * TASK_TURN_MS_MAX * NS_PER_MS) {
	}
}

TEST(a_turn_that_takes_too_long_is_noticed)
{
	struct clock clock;
	OWNED(loop) struct loop *loop = NULL;

	clock_init_virtual(&clock, 0);
	loop = loop_new(&clock);
	loop_run(loop, burn_cpu, NULL);
	ck_assert_int_ge(loop_longest_turn_ms(loop), 2 * TASK_TURN_MS_MAX);
}

struct counted {
	bool all;
	int64_t own_ns;
};

static void count_own_cpu(void *arg)
{
	SCOPED(group) struct group group;
	struct error err = {0};
	struct counted *counted = arg;
	int64_t start_ns;

	loop_current()->counts_all = counted->all;
	group_init(&group, NULL);
	ck_assert(task_yield(&err));
	start_ns = clock_cpu_ns();
	group_spawn(&group, "busy", burn_cpu, NULL);
	ck_assert(task_join(&group, &err));
	counted->own_ns = clock_cpu_ns() - start_ns;
}

TEST(a_task_counts_its_own_time_only)
{
	for (int all = 0; all < 2; all++) {
		struct counted counted = {.all = all};
		struct clock clock;
		OWNED(loop) struct loop *loop = NULL;

		clock_init_virtual(&clock, 0);
		loop = loop_new(&clock);
		loop_run(loop, count_own_cpu, &counted);
		ck_assert_int_ge(counted.own_ns, 0);
		ck_assert_int_lt(counted.own_ns, TASK_TURN_MS_MAX * NS_PER_MS);
	}
}

static void note_turn(void *arg)
{
	(*(int *)arg)++;
}

static void burn_in_steps(void *arg)
{
	SCOPED(group) struct group group;
	struct error err = {0};
	int64_t start_ns = clock_real_ns();
	int others = 0;

	(void)arg;
	task_breathe(); /* too early to give the turn away */
	group_init(&group, NULL);
	group_spawn(&group, "other", note_turn, &others);
	task_breathe();
	/* A busy machine may have taken longer than a turn. */
	ck_assert(others == 0 || clock_real_ns() - start_ns > TASK_TURN_MS_MAX * NS_PER_MS / 8);
	for (int64_t start = clock_cpu_ns(); clock_cpu_ns() - start < 60 * INT64_C(1000000);)
		task_breathe();
	ck_assert_int_eq(others, 1);
	ck_assert(task_join(&group, &err));
}

static int64_t longest_turn_in_steps(void)
{
	struct clock clock;
	OWNED(loop) struct loop *loop = NULL;

	clock_init_virtual(&clock, 0);
	loop = loop_new(&clock);
	loop_run(loop, burn_in_steps, NULL);
	return loop_longest_turn_ms(loop);
}

TEST(a_loop_that_breathes_lets_the_others_run)
{
	int64_t best_ms = INT64_MAX;

	task_breathe(); /* does nothing outside of a task */
	for (int tries = 0; tries < 20 && best_ms >= TASK_TURN_MS_MAX; tries++)
		best_ms = MIN_OF(best_ms, longest_turn_in_steps());
	ck_assert_int_lt(best_ms, TASK_TURN_MS_MAX);
}

static void stop_group(void *ctx, int number)
{
	struct trail *trail = ctx;

	ck_assert_int_eq(number, SIGTERM);
	group_cancel(trail->group);
}

static void *interrupt_soon(void *arg)
{
	const struct timespec pause = {.tv_nsec = 5000000};

	nanosleep(&pause, NULL);
	loop_interrupt(arg, SIGTERM);
	return NULL;
}

static void sleep_until_signal(void *arg)
{
	struct trail *trail = arg;
	struct sleeper sleeper = {.ms = 60000};
	pthread_t thread;
	SCOPED(group) struct group group;

	group_init(&group, NULL);
	trail->group = &group;
	loop_on_signal(loop_current(), stop_group, trail);
	ck_assert_int_eq(loop_signal(loop_current()), 0);
	group_spawn(&group, "sleeper", sleep_and_note, &sleeper);
	loop_interrupt(loop_current(), 0);
	ck_assert(task_sleep(1, &trail->err));
	ck_assert(!group_is_cancelled(&group));
	pthread_create(&thread, NULL, interrupt_soon, loop_current());
	ck_assert(task_join(&group, &trail->err));
	pthread_join(thread, NULL);
	ck_assert(!sleeper.ok);
	ck_assert_int_eq(sleeper.err.kind, ERROR_CANCELLED);
	ck_assert_int_eq(loop_signal(loop_current()), SIGTERM);
}

TEST(an_interrupt_from_outside_reaches_a_loop_that_waits)
{
	struct trail trail = {0};
	struct clock clock;
	OWNED(loop) struct loop *loop = NULL;

	clock_init(&clock);
	loop = loop_new(&clock);
	loop_run(loop, sleep_until_signal, &trail);
	ck_assert(clock_ms(&clock) < 30000);
}

/* A poller that makes the waiting task ready after a few calls. */
struct fake_poller {
	struct task *task;
	int calls;
};

static void fake_poll(void *ctx, int wake_fd, int timeout_ms)
{
	struct fake_poller *fake = ctx;

	ck_assert_int_ge(wake_fd, 0);
	ck_assert_int_eq(timeout_ms, -1);
	if (++fake->calls == 3) {
		task_ready(fake->task);
		fake->task = NULL;
	}
}

static bool fake_busy(void *ctx)
{
	const struct fake_poller *fake = ctx;

	return fake->task;
}

static void wait_for_poller(void *arg)
{
	struct fake_poller *fake = arg;
	struct poller poller = {.poll = fake_poll, .busy = fake_busy, .ctx = fake};
	struct error err = {0};

	loop_set_poller(loop_current(), &poller);
	fake->task = task_current();
	ck_assert(task_wait(INT64_C(3600000000000), &err));
	loop_set_poller(loop_current(), NULL);
}

TEST(virtual_time_stops_while_the_poller_is_busy)
{
	struct fake_poller fake = {0};

	ck_assert_int_eq(run_virtual(wait_for_poller, &fake), 0);
	ck_assert_int_eq(fake.calls, 3);
}

/* Counts how often the loop looks outside. */
struct counting_poller {
	bool is_busy;
	int calls;
	int calls_at_the_end; /* when the last of the tasks had its first turn */
};

static void count_poll(void *ctx, int wake_fd, int timeout_ms)
{
	struct counting_poller *counting = ctx;

	ck_assert_int_ge(wake_fd, 0);
	ck_assert_int_eq(timeout_ms, 0);
	counting->calls++;
}

static bool counting_busy(void *ctx)
{
	const struct counting_poller *counting = ctx;

	return counting->is_busy;
}

static void note_calls(void *arg)
{
	struct counting_poller *counting = arg;

	counting->calls_at_the_end = counting->calls;
}

static void begin_many(void *arg)
{
	struct counting_poller *counting = arg;
	struct poller poller = {.poll = count_poll, .busy = counting_busy, .ctx = counting};
	struct error err = {0};
	SCOPED(group) struct group group;

	loop_set_poller(loop_current(), &poller);
	counting->is_busy = true;
	group_init(&group, NULL);
	for (int i = 0; i < FLOWS; i++)
		group_spawn(&group, "begins", note_calls, counting);
	ck_assert(task_join(&group, &err));
	counting->is_busy = false;
	loop_set_poller(loop_current(), NULL);
}

TEST(a_thousand_tasks_that_begin_leave_room_for_the_network)
{
	struct counting_poller counting = {0};

	run_virtual(begin_many, &counting);
	ck_assert_int_ge(counting.calls_at_the_end, FLOWS / 20);
}
