/* The loop and the turn: which task runs next, and what happens when none can. */
#include "task/loop.h"

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
 * So many tasks at most have their turns before the loop looks outside: when a thousand begin at once, the first
 * requests are sent and answered while the others are still being written.
 */
enum { ROUND_MAX = 16 };

static _Thread_local struct task *current_task;
static _Thread_local struct loop *current_loop;

/* ---- The turn ---- */

/* Notes how much CPU the turn that ends took. */
static void turn_measure(struct task *task)
{
	int64_t cpu_ns = clock_cpu_ns();
#ifndef NDEBUG
	int64_t turn_ns = cpu_ns - task->cpu_ns;

	task->loop->longest_turn_ns = MAX_OF(task->loop->longest_turn_ns, turn_ns);
	if (turn_ns > TASK_TURN_MS_MAX * NS_PER_MS)
		log_debug("task", "held the turn for %lld ms of CPU without task_yield()",
			  (long long)(turn_ns / NS_PER_MS));
#endif
	task->cpu_ns = cpu_ns;
}

/* Runs the task to its end, and frees it. */
static void run_task(void *arg)
{
	struct task *task = arg;
	struct loop *loop = task->loop;
	struct group *group = task->group;

	current_task = task;
	current_loop = loop;
	log_flow_set(task->name);
	breathe_set(task_breathe);
	task->cpu_ns = clock_cpu_ns();
	loop->turn_began_ns = clock_real_ns();
	task->fn(task->arg);
	turn_measure(task);
	current_task = NULL;

	*task->link = task->next;
	if (task->next)
		task->next->link = task->link;
	if (!group->tasks) {
		while (waiters_serve(&group->joiners)) {
		}
	}
	loop->tasks--;
	free(task);
}

/*
 * Hands the turn to `task`; false, and the turn is kept, when no thread can be made for it now.  On
 * success the other runs already: the caller touches nothing of the loop any more.
 */
static bool turn_hand(struct task *task)
{
	if (task->worker) {
		system_turn_give(task->worker->turn);
		return true;
	}
	if (worker_begin(&task->loop->workers, run_task, task, &task->worker))
		return true;
	queue_push(&task->loop->unstarted, task);
	return false;
}

/* Hands the turn to the next task of this round, or to the loop. */
static void turn_give(struct loop *loop)
{
	while (loop->round > 0) {
		struct task *next = queue_pop(&loop->ready);

		loop->round--;
		if (next && turn_hand(next))
			return;
	}
	system_turn_give(loop->turn);
}

/* Hands the turn on, and waits for the next. */
static void turn_pass(struct task *task)
{
	turn_measure(task);
	turn_give(task->loop);
	system_turn_take(task->worker->turn);
	task->loop->turn_began_ns = clock_real_ns();
}

void task_wake(struct task *task, enum wake wake)
{
	if (!task->waiting)
		return;
	task->waiting = false;
	task->wake = wake;
	timer_clear(task->loop, &task->timer);
	queue_push(&task->loop->ready, task);
}

void task_ready(struct task *task)
{
	task_wake(task, WAKE_READY);
}

enum wake task_pause(int64_t deadline_ns, bool deaf)
{
	struct task *task = current_task;

	assert(task);
	task->wake = WAKE_NONE;
	task->waiting = true;
	task->deaf = deaf;
	if (deadline_ns)
		timer_set(task->loop, &task->timer, deadline_ns);
	turn_pass(task);
	task->deaf = false;
	return task->wake;
}

bool task_may_wait(struct error *err)
{
	assert(current_task);
	return !current_task->group->cancelled || group_error(current_task->group, err);
}

bool task_wait(int64_t deadline_ns, struct error *err)
{
	enum wake wake;

	if (!task_may_wait(err))
		return false;
	wake = task_pause(deadline_ns, false);
	if (!task_may_wait(err))
		return false;
	return wake != WAKE_TIMER || error_set(err, ERROR_TIMEOUT, "waiting: the time is over");
}

bool task_sleep(int64_t ms, struct error *err)
{
	if (ms <= 0)
		return task_yield(err);
	if (!task_may_wait(err))
		return false;
	task_pause(clock_ns(current_loop->clock) + ms * NS_PER_MS, false);
	return task_may_wait(err);
}

bool task_yield(struct error *err)
{
	struct task *task = current_task;

	if (!task_may_wait(err))
		return false;
	queue_push(&task->loop->ready, task);
	turn_pass(task);
	return task_may_wait(err);
}

void task_breathe(void)
{
	const int64_t enough_ns = TASK_TURN_MS_MAX * NS_PER_MS / 8;
	const struct task *task = current_task;
	struct error cancelled;

	/* The second clock is a system call, so the first is asked whether it can be worth it. */
	if (!task || clock_real_ns() - task->loop->turn_began_ns < enough_ns ||
	    clock_cpu_ns() - task->cpu_ns < enough_ns)
		return;
	if (!task_yield(&cancelled))
		return; /* the caller learns it where it waits next */
}

void task_start(struct group *group, const char *name, task_fn *fn, void *arg)
{
	struct task *task = NEW(struct task);

	task->loop = group->loop;
	task->group = group;
	task->fn = fn;
	task->arg = arg;
	task->timer.task = task;
	snprintf(task->name, sizeof(task->name), "%s", name ? name : "");
	task->next = group->tasks;
	task->link = &group->tasks;
	if (task->next)
		task->next->link = &task->next;
	group->tasks = task;
	group->loop->tasks++;
	queue_push(&group->loop->ready, task);
}

/* ---- The loop ---- */

/* The task of the calling thread has ended. */
static void hand_on(void *ctx)
{
	turn_give(ctx);
}

struct loop *loop_new(struct clock *clock)
{
	struct loop *loop = NEW(struct loop);

	loop->clock = clock;
	loop->root.loop = loop;
	loop->workers = (struct workers){.rest = hand_on, .ctx = loop};
	if (!system_wake_open(&loop->wake)) {
		log_error("task", "no file descriptor for the loop: %s", strerror(errno));
		abort();
	}
	loop->turn = system_turn_new();
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	assert(!loop->tasks && !loop->workers.len);
	system_wake_close(&loop->wake);
	system_turn_free(loop->turn);
	VEC_RELEASE(&loop->timers);
	free(loop);
}

/* Joins threads that have ended, and lets those tasks begin that found none. */
static void reap(struct loop *loop)
{
	bool may_begin = workers_reap(&loop->workers);
	struct task *task;

	if (!loop->unstarted.len)
		return;
	if (!loop->workers.len) {
		log_error("task", "no thread can be started: raise the limit of processes");
		abort();
	}
	while (may_begin && (task = queue_pop(&loop->unstarted)))
		queue_push(&loop->ready, task);
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

static void turn_loop(struct loop *loop)
{
	while (loop->tasks) {
		reap(loop);
		notice_interrupt(loop);
		fire_timers(loop);
		if (loop->ready.len) {
			if (poller_busy(loop))
				poll_outside(loop, 0);
			loop->round = MIN_OF(loop->ready.len, (size_t)ROUND_MAX);
			turn_give(loop);
			system_turn_take(loop->turn);
		} else {
			wait_for_something(loop);
		}
	}
	workers_stop(&loop->workers);
}

void loop_run(struct loop *loop, task_fn *fn, void *arg)
{
	sigset_t pipe_signal;
	sigset_t before;

	assert(!current_loop);
	/* A peer that is gone is an error of the write, not the end of the process. */
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
	current_loop = loop;
	task_start(&loop->root, log_flow(), fn, arg);
	turn_loop(loop);
	current_loop = NULL;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct clock *loop_clock(struct loop *loop)
{
	return loop->clock;
}

struct loop *loop_current(void)
{
	return current_loop;
}

struct task *task_current(void)
{
	return current_task;
}

struct group *task_group(void)
{
	assert(current_task);
	return current_task->group;
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
