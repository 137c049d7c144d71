/* The turn: how it goes from task to task, and the calls that give it back and wait. */
#include "task/task_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

/* Notes how much CPU a turn took. */
static void turn_measure(struct loop *loop, int64_t turn_ns)
{
	loop->longest_turn_ns = MAX_OF(loop->longest_turn_ns, turn_ns);
	if (loop->counts_all && turn_ns > TASK_TURN_MS_MAX * NS_PER_MS)
		log_debug("task", "held the turn for %lld ms of CPU without task_yield()",
			  (long long)(turn_ns / NS_PER_MS));
}

/*
 * Resumes the task while the CPU clock counts its time, if it ever looked at that clock: two system calls a turn
 * are more than most turns are worth.
 */
static bool resume_counted(struct loop *loop, struct task *task)
{
	bool counted = loop->counts_all || task->counted;
	int64_t began_ns = task->cpu_ns;
	int64_t loop_ns = counted ? clock_cpu_switch(began_ns) : 0;
	bool ended;

	clock_cpu_asked(); /* by others */
	ended = coroutine_resume(task->coroutine);
	if (counted) {
		task->cpu_ns = clock_cpu_switch(loop_ns);
		turn_measure(loop, task->cpu_ns - began_ns);
	} else if (clock_cpu_asked()) {
		task->counted = true;
		task->cpu_ns = clock_cpu_ns();
	}
	return ended;
}

/* On the task's own stack. */
static void task_main(void *arg)
{
	struct task *task = arg;

	task->fn(task->arg);
}

/* Takes the task out of its group, and frees it. */
static void task_end(struct task *task)
{
	struct loop *loop = task->loop;
	struct group *group = task->group;
	struct task *unstarted = queue_pop(&loop->unstarted);

	*task->link = task->next;
	if (task->next)
		task->next->link = task->link;
	if (!group->tasks) {
		while (waiters_serve(&group->joiners)) {
		}
	}
	/* It left its stack to this one. */
	if (unstarted)
		queue_push(&loop->ready, unstarted);
	loop->tasks--;
	free(task);
}

/* False when there is no memory for its stack now. */
static bool task_begin(struct task *task)
{
	struct loop *loop = task->loop;

	task->coroutine = coroutine_new(loop->coroutines, task_main, task);
	if (task->coroutine)
		return true;
	if (!coroutines_len(loop->coroutines)) {
		log_error("task", "no memory for the stack of a task");
		abort();
	}
	queue_push(&loop->unstarted, task);
	return false;
}

void task_run(struct task *task)
{
	struct loop *loop = task->loop;
	const char *flow = log_flow();
	bool ended;

	if (!task->coroutine && !task_begin(task))
		return;
	current_set(loop, task);
	log_flow_set(task->name);
	loop->turn_began_ns = clock_real_ns();
	ended = resume_counted(loop, task);
	log_flow_set(flow);
	current_set(loop, NULL);
	if (ended)
		task_end(task);
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
	coroutine_pause(task->coroutine);
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
	coroutine_pause(task->coroutine);
	return task_may_wait(err);
}

void task_breathe(void)
{
	const int64_t enough_ns = TASK_TURN_MS_MAX * NS_PER_MS / 8;
	const struct task *task = task_current();
	struct error cancelled;

	if (!task || clock_real_ns() - task->loop->turn_began_ns < enough_ns)
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
