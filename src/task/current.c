/* The loop that the calling thread runs, and the task that has the turn. */
#include "task/task_internal.h"

static _Thread_local struct loop *current_loop;
static _Thread_local struct task *current_task;

void current_set(struct loop *loop, struct task *task)
{
	current_loop = loop;
	current_task = task;
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
