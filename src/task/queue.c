/* Queues of tasks, and tasks that wait in line: for permits, for latches, for a group to end. */
#include "task/loop.h"

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

static struct waiter *line_up(struct waiters *waiters)
{
	struct task *task = task_current();
	struct waiter *waiter = &task->waiter;

	*waiter = (struct waiter){.task = task, .prev = waiters->last};
	if (waiters->last)
		waiters->last->next = waiter;
	else
		waiters->first = waiter;
	waiters->last = waiter;
	return waiter;
}

static void leave_line(struct waiters *waiters, struct waiter *waiter)
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
	leave_line(waiters, waiter);
	waiter->served = true;
	task_wake(waiter->task, WAKE_READY);
	return true;
}

bool waiters_wait(struct waiters *waiters, struct error *err, bool *served)
{
	struct waiter *waiter = line_up(waiters);
	bool ok = true;

	while (ok && !waiter->served)
		ok = task_wait(0, err);
	if (!waiter->served)
		leave_line(waiters, waiter);
	*served = waiter->served;
	return ok;
}

void waiters_wait_deaf(struct waiters *waiters)
{
	const struct waiter *waiter = line_up(waiters);

	while (!waiter->served)
		task_pause(0, true);
}

/* ---- Permits ---- */

void permits_init(struct permits *permits, struct loop *loop, int count)
{
	*permits = (struct permits){.loop = loop, .free = count};
}

bool permit_take(struct permits *permits, struct error *err)
{
	bool served;

	if (!task_may_wait(err))
		return false;
	if (permits->free > 0) {
		permits->free--;
		return true;
	}
	if (waiters_wait(&permits->waiters, err, &served))
		return true;
	/* It got a permit and was cancelled immediately: pass the permit to the next in line. */
	if (served)
		permit_give(permits);
	return false;
}

void permit_give(struct permits *permits)
{
	/* A permit is handed to the first in line, so that no later task can overtake it. */
	if (!waiters_serve(&permits->waiters))
		permits->free++;
}

/* ---- Latches ---- */

void latch_init(struct latch *latch, struct loop *loop)
{
	*latch = (struct latch){.loop = loop};
}

void latch_open(struct latch *latch)
{
	latch->open = true;
	while (waiters_serve(&latch->waiters)) {
	}
}

bool latch_wait(struct latch *latch, struct error *err)
{
	bool served;

	if (!task_may_wait(err))
		return false;
	return latch->open || waiters_wait(&latch->waiters, err, &served);
}
