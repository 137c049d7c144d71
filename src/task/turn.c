/* The turn: how it goes from task to task, and the calls that give it back and wait. */
#include "task/task_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/breathe.h"
#include "base/log.h"

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

	current_set(loop, task);
	log_flow_set(task->name);
	breathe_set(task_breathe);
	task->cpu_ns = clock_cpu_ns();
	loop->turn_began_ns = clock_real_ns();
	task->fn(task->arg);
	turn_measure(task);
	current_set(loop, NULL);

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
 * Hands the turn to `task`; false, and the turn is kept, if no thread can be created for it now.
 * On success the other task already runs: the caller must not touch the loop any more.
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

void turn_give(struct loop *loop)
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

enum wake task_pause(int64_t deadline_ns, bool deaf)
{
	struct task *task = task_current();

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
	const struct group *group = task_group();

	return !group->cancelled || group_error(group, err);
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
	task_pause(clock_ns(loop_current()->clock) + ms * NS_PER_MS, false);
	return task_may_wait(err);
}

bool task_yield(struct error *err)
{
	struct task *task = task_current();

	if (!task_may_wait(err))
		return false;
	queue_push(&task->loop->ready, task);
	turn_pass(task);
	return task_may_wait(err);
}

void task_breathe(void)
{
	const int64_t enough_ns = TASK_TURN_MS_MAX * NS_PER_MS / 8;
	const struct task *task = task_current();
	struct error cancelled;

	/* The second clock is a system call, so the first one decides whether it is needed. */
	if (!task || clock_real_ns() - task->loop->turn_began_ns < enough_ns ||
	    clock_cpu_ns() - task->cpu_ns < enough_ns)
		return;
	if (!task_yield(&cancelled))
		return; /* the caller gets the error where it waits next */
}

void group_spawn(struct group *group, const char *name, task_fn *fn, void *arg)
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
