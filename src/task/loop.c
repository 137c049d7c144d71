/* The loop: hands the turn from task to task, fires timers, polls when nobody can go on. */
#include "task/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK_FACTOR = 8 }; /* the sanitizers' red zones need room */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
	__has_feature(memory_sanitizer)
enum { STACK_FACTOR = 8 };
#else
enum { STACK_FACTOR = 1 };
#endif
#else
enum { STACK_FACTOR = 1 };
#endif

enum { TURNS_BETWEEN_POLLS = 64, TURN_MS_MAX = 20 };

static _Thread_local struct task *current;

static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) != 0 && errno == EINTR)
		;
}

struct loop *loop_new(struct clock *clock)
{
	struct loop *loop = NEW(struct loop);

	loop->clock = clock;
	sem_init(&loop->turn, 0, 0);
	loop->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->wake_fd < 0)
		memory_exhausted();
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	assert(!loop->tasks);
	close(loop->wake_fd);
	sem_destroy(&loop->turn);
	timers_release(&loop->timers);
	free(loop);
}

struct clock *loop_clock(struct loop *loop)
{
	return loop->clock;
}

struct task *task_current(void)
{
	return current;
}

struct loop *loop_current(void)
{
	assert(current);
	return current->loop;
}

void loop_set_poller(struct loop *loop, const struct poller *poller)
{
	loop->poller = poller;
}

/* ---- Signals ---- */

static void wake(struct loop *loop)
{
	uint64_t one = 1;
	ssize_t written;

	if (loop->poller)
		loop->poller->wake(loop->poller->ctx);
	written = write(loop->wake_fd, &one, sizeof(one));
	(void)written; /* full means that it wakes anyway */
}

void loop_interrupt(struct loop *loop, int number)
{
	int none = 0;

	atomic_compare_exchange_strong(&loop->signal, &none, number);
	wake(loop);
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

static void deliver_signal(struct loop *loop)
{
	int number = loop_signal(loop);

	if (!number || loop->signal_seen)
		return;
	loop->signal_seen = number;
	if (loop->on_signal)
		loop->on_signal(loop->on_signal_ctx, number);
}

/* ---- Turns ---- */

static void enqueue(struct task *task)
{
	struct loop *loop = task->loop;

	task->state = TASK_READY;
	task->queue_next = NULL;
	if (loop->ready_last)
		loop->ready_last->queue_next = task;
	else
		loop->ready = task;
	loop->ready_last = task;
}

void task_resume(struct task *task, bool woken)
{
	if (task->state != TASK_WAITING)
		return;
	timer_unset(&task->loop->timers, &task->timer);
	task->woken = woken;
	enqueue(task);
}

void task_ready(struct task *task)
{
	task_resume(task, true);
}

static void expire(struct timer *timer)
{
	struct task *task = (struct task *)(void *)((char *)timer - offsetof(struct task, timer));

	task->expired = true;
	task_resume(task, false);
}

/* Gives the turn to the loop and sleeps until it comes back. */
static void give_turn(struct task *task)
{
	sem_post(&task->loop->turn);
	wait_for(&task->turn);
	task->state = TASK_RUNNING;
}

static void sleep_until_resumed(struct task *task, int64_t deadline_ns, bool deaf)
{
	task->state = TASK_WAITING;
	task->woken = false;
	task->expired = false;
	task->deaf = deaf;
	if (deadline_ns)
		timer_set(&task->loop->timers, &task->timer, deadline_ns);
	give_turn(task);
	task->deaf = false;
}

void task_wait_deaf(void)
{
	sleep_until_resumed(current, 0, true);
}

bool task_wait(int64_t deadline_ns, struct error *err)
{
	struct task *task = current;

	assert(task && task->state == TASK_RUNNING);
	if (!group_check(task->group, err))
		return false;
	sleep_until_resumed(task, deadline_ns, false);
	if (task->woken)
		return true;
	if (!group_check(task->group, err))
		return false;
	assert(task->expired);
	return error_set(err, ERROR_TIMEOUT, "the time is over");
}

bool task_yield(struct error *err)
{
	struct task *task = current;

	if (!group_check(task->group, err))
		return false;
	task->woken = true;
	enqueue(task);
	give_turn(task);
	return true;
}

bool task_sleep(int64_t ms, struct error *err)
{
	struct task *task = current;

	if (ms <= 0)
		return task_yield(err);
	if (!group_check(task->group, err))
		return false;
	sleep_until_resumed(task, clock_ns(task->loop->clock) + ms * 1000000, false);
	return task->expired || group_check(task->group, err);
}

/* ---- Starting and ending ---- */

static void leave_group(struct task *task)
{
	struct group *group = task->group;

	if (task->group_before)
		task->group_before->group_next = task->group_next;
	else
		group->tasks = task->group_next;
	if (task->group_next)
		task->group_next->group_before = task->group_before;
	if (!group->tasks && group->joiner)
		task_resume(group->joiner, true);
}

static void *thread_main(void *arg)
{
	struct task *task = arg;
	struct loop *loop = task->loop;

	wait_for(&task->turn);
	current = task;
	task->state = TASK_RUNNING;
	log_flow_set(task->name);
	task->fn(task->arg);
	task->state = TASK_ENDED;
	leave_group(task);
	loop->tasks--;
	task->queue_next = loop->ended;
	loop->ended = task;
	sem_post(&loop->turn);
	return NULL;
}

static void start_thread(struct task *task)
{
	pthread_attr_t attributes;
	int failed;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, (size_t)TASK_STACK_SIZE * STACK_FACTOR);
	failed = pthread_create(&task->thread, &attributes, thread_main, task);
	pthread_attr_destroy(&attributes);
	if (failed)
		memory_exhausted(); /* no room for another thread */
}

void group_spawn(struct group *group, const char *name, task_fn *fn, void *arg)
{
	struct task *task = NEW(struct task);

	task->loop = group->loop;
	task->group = group;
	task->fn = fn;
	task->arg = arg;
	task->timer.fire = expire;
	snprintf(task->name, sizeof(task->name), "%s", name ? name : "");
	sem_init(&task->turn, 0, 0);
	task->group_next = group->tasks;
	if (group->tasks)
		group->tasks->group_before = task;
	group->tasks = task;
	group->loop->tasks++;
	start_thread(task);
	enqueue(task);
}

static void reap(struct loop *loop)
{
	while (loop->ended) {
		struct task *task = loop->ended;

		loop->ended = task->queue_next;
		pthread_join(task->thread, NULL);
		sem_destroy(&task->turn);
		free(task);
	}
}

/* ---- The loop itself ---- */

static void run_next(struct loop *loop)
{
	struct task *task = loop->ready;
	int64_t start_ns = clock_ns(loop->clock);
	int64_t held_ms;

	loop->ready = task->queue_next;
	if (!loop->ready)
		loop->ready_last = NULL;
	sem_post(&task->turn);
	wait_for(&loop->turn);
	held_ms = (clock_ns(loop->clock) - start_ns) / 1000000;
	if (held_ms > TURN_MS_MAX)
		log_debug("task", "the turn was held for %lld ms", (long long)held_ms);
	reap(loop);
}

static void fire_timers(struct loop *loop)
{
	int64_t now = clock_ns(loop->clock);
	struct timer *timer;

	while ((timer = timers_first(&loop->timers)) && timer->at_ns <= now) {
		timer_unset(&loop->timers, timer);
		timer->fire(timer);
	}
}

/* With a virtual clock nothing happens until the next timer, unless bytes are on their way. */
static bool skip_ahead(struct loop *loop)
{
	struct timer *next = timers_first(&loop->timers);

	if (!loop->clock->is_virtual || !next)
		return false;
	if (loop->poller && loop->poller->busy(loop->poller->ctx))
		return false;
	clock_advance(loop->clock, next->at_ns - clock_ns(loop->clock));
	return true;
}

static void wait_without_poller(struct loop *loop, int timeout_ms)
{
	struct pollfd fd = {.fd = loop->wake_fd, .events = POLLIN};
	uint64_t count;
	ssize_t got;

	poll(&fd, 1, timeout_ms);
	got = read(loop->wake_fd, &count, sizeof(count));
	(void)got; /* nothing there: the time was over */
}

static void poll_events(struct loop *loop, int timeout_ms)
{
	if (loop->poller)
		loop->poller->poll(loop->poller->ctx, timeout_ms);
	else if (timeout_ms)
		wait_without_poller(loop, timeout_ms);
}

static int next_wait_ms(struct loop *loop)
{
	struct timer *next = timers_first(&loop->timers);

	if (loop->ready || loop_signal(loop) != loop->signal_seen)
		return 0;
	if (!next)
		return -1;
	if (loop->clock->is_virtual)
		return 10; /* bytes are on their way: look again soon */
	return clock_real_wait_ms(loop->clock, next->at_ns - clock_ns(loop->clock));
}

void loop_run(struct loop *loop, task_fn *fn, void *arg)
{
	struct group first = {.loop = loop};

	group_spawn(&first, "", fn, arg);
	while (loop->tasks) {
		deliver_signal(loop);
		fire_timers(loop);
		for (int turn = 0; loop->ready && turn < TURNS_BETWEEN_POLLS; turn++)
			run_next(loop);
		if (!loop->tasks)
			break;
		if (loop->ready || !skip_ahead(loop))
			poll_events(loop, next_wait_ms(loop));
	}
	reap(loop);
}
