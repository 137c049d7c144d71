/* Permits and latches: what tasks queue for. */
#include "task/loop.h"

/* A task in a queue; lives on the waiting task's stack. */
struct waiter {
	struct task *task;
	struct waiter *next;
	bool served;
};

static void append(struct waiter **first, struct waiter **last, struct waiter *waiter)
{
	if (*last)
		(*last)->next = waiter;
	else
		*first = waiter;
	*last = waiter;
}

static void drop(struct waiter **first, struct waiter **last, const struct waiter *waiter)
{
	struct waiter *before = NULL;

	for (struct waiter *item = *first; item; before = item, item = item->next) {
		if (item != waiter)
			continue;
		if (before)
			before->next = item->next;
		else
			*first = item->next;
		if (*last == item)
			*last = before;
		return;
	}
}

static struct waiter *take_first(struct waiter **first, struct waiter **last)
{
	struct waiter *waiter = *first;

	if (waiter) {
		*first = waiter->next;
		if (!*first)
			*last = NULL;
	}
	return waiter;
}

void permits_init(struct permits *permits, struct loop *loop, int count)
{
	*permits = (struct permits){.loop = loop, .free = count};
}

bool permit_take(struct permits *permits, struct error *err)
{
	struct waiter waiter = {.task = task_current()};

	if (!group_check(task_group(), err))
		return false;
	if (permits->free > 0 && !permits->waiters) {
		permits->free--;
		return true;
	}
	append(&permits->waiters, &permits->waiters_last, &waiter);
	if (task_wait(0, err))
		return true;
	if (waiter.served)
		permit_give(permits); /* it came together with the cancellation */
	else
		drop(&permits->waiters, &permits->waiters_last, &waiter);
	return false;
}

void permit_give(struct permits *permits)
{
	struct waiter *waiter = take_first(&permits->waiters, &permits->waiters_last);

	if (!waiter) {
		permits->free++;
		return;
	}
	waiter->served = true;
	task_ready(waiter->task);
}

void latch_init(struct latch *latch, struct loop *loop)
{
	*latch = (struct latch){.loop = loop};
}

void latch_open(struct latch *latch)
{
	struct waiter *waiter;

	latch->open = true;
	while ((waiter = take_first(&latch->waiters, &latch->waiters_last))) {
		waiter->served = true;
		task_ready(waiter->task);
	}
}

bool latch_wait(struct latch *latch, struct error *err)
{
	struct waiter waiter = {.task = task_current()};

	if (latch->open)
		return group_check(task_group(), err);
	append(&latch->waiters, &latch->waiters_last, &waiter);
	if (task_wait(0, err))
		return true;
	if (!waiter.served)
		drop(&latch->waiters, &latch->waiters_last, &waiter);
	return false;
}
