/* Queues of tasks that may run, lines of tasks that wait, and how a task gets from these to those. */
#include "task/task_internal.h"

void queue_push(struct task_queue *queue, struct task *task)
{
	task->next_queued = NULL;
	if (queue->last)
		queue->last->next_queued = task;
	else
		queue->first = task;
	queue->last = task;
	queue->len++;
}

struct task *queue_pop(struct task_queue *queue)
{
	struct task *task = queue->first;

	if (!task)
		return NULL;
	queue->first = task->next_queued;
	if (!queue->first)
		queue->last = NULL;
	queue->len--;
	return task;
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

struct waiter *waiters_join(struct waiters *waiters, struct task *task)
{
	struct waiter *waiter = &task->waiter;

	*waiter = (struct waiter){.task = task, .prev = waiters->last};
	if (waiters->last)
		waiters->last->next = waiter;
	else
		waiters->first = waiter;
	waiters->last = waiter;
	return waiter;
}

void waiters_leave(struct waiters *waiters, struct waiter *waiter)
{
	if (waiter->prev)
		waiter->prev->next = waiter->next;
	else
		waiters->first = waiter->next;
	if (waiter->next)
		waiter->next->prev = waiter->prev;
	else
		waiters->last = waiter->prev;
}

bool waiters_serve(struct waiters *waiters)
{
	struct waiter *waiter = waiters->first;

	if (!waiter)
		return false;
	waiters_leave(waiters, waiter);
	waiter->served = true;
	task_wake(waiter->task, WAKE_READY);
	return true;
}
