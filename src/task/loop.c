/* The loop: rounds of ready tasks, timers, signals, and the wait for events outside when no task is ready. */
#include "task/task_internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/breathe.h"
#include "base/log.h"

/*
 * Maximum number of tasks that run before the loop polls again: when a thousand start at once,
 * the first requests are sent and answered while the others are still being written.
 */
enum { ROUND_MAX = 16 };

struct loop *loop_new(struct clock *clock)
{
	struct loop *loop = NEW(struct loop);

#ifndef NDEBUG
	loop->counts_all = true;
#endif
	loop->clock = clock;
	loop->root.loop = loop;
	loop->coroutines = coroutines_new();
	if (!system_wake_open(&loop->wake)) {
		log_error("task", "no file descriptor for the loop: %s", strerror(errno));
		abort();
	}
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	assert(!loop->tasks);
	system_wake_close(&loop->wake);
	coroutines_free(loop->coroutines);
	VEC_RELEASE(&loop->timers);
	free(loop);
}

static void notice_interrupt(struct loop *loop)
{
	if (!atomic_exchange(&loop->interrupted, false))
		return;
	system_wake_take(&loop->wake);
	if (loop->on_signal && !loop->signal_told && loop_signal(loop)) {
		loop->signal_told = true;
		loop->on_signal(loop->on_signal_ctx, loop_signal(loop));
	}
}

static void fire_timers(struct loop *loop)
{
	struct timer *timer = timer_first(loop);
	int64_t now_ns;

	if (!timer)
		return;
	now_ns = clock_ns(loop->clock);
	for (; timer && timer->due_ns <= now_ns; timer = timer_first(loop)) {
		if (timer->task) {
			task_wake(timer->task, WAKE_TIMER);
		} else {
			timer_clear(loop, timer);
			group_stop(timer->group, ERROR_TIMEOUT, timer->group->timeout_ms);
		}
	}
}

static bool poller_busy(const struct loop *loop)
{
	return loop->poller.poll && loop->poller.busy(loop->poller.ctx);
}

static void poll_outside(struct loop *loop, int timeout_ms)
{
	struct pollfd wake = {.fd = loop->wake.in, .events = POLLIN};

	if (loop->poller.poll)
		loop->poller.poll(loop->poller.ctx, loop->wake.in, timeout_ms);
	else if (timeout_ms != 0)
		poll(&wake, 1, timeout_ms);
}

/* No task is ready: waits for events, or moves a virtual clock to the next timer. */
static void wait_for_something(struct loop *loop)
{
	const struct timer *next = timer_first(loop);

	if (!loop->clock->is_virtual) {
		int64_t wait_ns = next ? next->due_ns - clock_ns(loop->clock) : 0;

		poll_outside(loop, next ? clock_real_wait_ms(loop->clock, wait_ns) : -1);
	} else if (poller_busy(loop)) {
		poll_outside(loop, -1);
	} else if (next) {
		clock_advance(loop->clock, next->due_ns - clock_ns(loop->clock));
	} else {
		log_error("task", "every task waits, and nothing is left to wake one");
		abort();
	}
}

/* Those that are ready now; what they make ready has its turn in the next round. */
static void run_round(struct loop *loop)
{
	for (size_t left = MIN_OF(loop->ready.len, (size_t)ROUND_MAX); left; left--)
		task_run(queue_pop(&loop->ready));
}

static void turn_loop(struct loop *loop)
{
	while (loop->tasks) {
		notice_interrupt(loop);
		fire_timers(loop);
		if (loop->ready.len) {
			if (poller_busy(loop))
				poll_outside(loop, 0);
			run_round(loop);
		} else {
			wait_for_something(loop);
		}
	}
}

void loop_run(struct loop *loop, task_fn *fn, void *arg)
{
	sigset_t pipe_signal;
	sigset_t before;

	assert(!loop_current());
	/* A closed connection is an error of the write, not the end of the process. */
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	current_set(loop, NULL);
	breathe_set(task_breathe);
	group_spawn(&loop->root, log_flow(), fn, arg);
	turn_loop(loop);
	breathe_set(NULL);
	current_set(NULL, NULL);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct clock *loop_clock(struct loop *loop)
{
	return loop->clock;
}

size_t loop_tasks(const struct loop *loop)
{
	return loop->tasks;
}

void loop_interrupt(struct loop *loop, int number)
{
	int none = 0;

	atomic_compare_exchange_strong(&loop->signal, &none, number);
	atomic_store(&loop->interrupted, true);
	system_wake_send(&loop->wake);
}

int loop_signal(const struct loop *loop)
{
	return atomic_load(&loop->signal);
}

void loop_on_signal(struct loop *loop, void (*on_signal)(void *ctx, int number), void *ctx)
{
	loop->on_signal = on_signal;
	loop->on_signal_ctx = ctx;
}

int64_t loop_longest_turn_ms(const struct loop *loop)
{
	return loop->longest_turn_ns / NS_PER_MS;
}

void loop_set_poller(struct loop *loop, const struct poller *poller)
{
	loop->poller = poller ? *poller : (struct poller){0};
}
