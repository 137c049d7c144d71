/* What tasks wait for: the tasks of a group, permits, latches. */
#include "task/task_internal.h"

#include <string.h>

/* Waits at the end of the line.  Cancelling ends it with false; *served may be true even then. */
static bool wait_in_line(struct waiters *waiters, struct error *err, bool *served)
{
	struct waiter *waiter = waiters_join(waiters, task_current());
	bool ok = true;

	while (ok && !waiter->served)
		ok = task_wait(0, err);
	if (!waiter->served)
		waiters_leave(waiters, waiter);
	*served = waiter->served;
	return ok;
}

static void wait_in_line_deaf(struct waiters *waiters)
{
	const struct waiter *waiter = waiters_join(waiters, task_current());

	while (!waiter->served)
		task_pause(0, true);
}

/* ---- The tasks of a group ---- */

bool task_join(struct group *group, struct error *err)
{
	bool served;

	assert(group != task_group());
	if (!task_may_wait(err))
		return false;
	return !group->tasks || wait_in_line(&group->joiners, err, &served);
}

/* Takes the group out of its parent's list. */
static void leave_parent(struct group *group)
{
	if (!group->parent)
		return;
	*group->link = group->next;
	if (group->next)
		group->next->link = group->link;
}

void group_release(struct group *group)
{
	if (!group->loop)
		return;
	group_cancel(group);
	if (group->tasks)
		wait_in_line_deaf(&group->joiners);
	assert(!group->children);
	timer_clear(group->loop, &group->deadline);
	leave_parent(group);
	memset(group, 0, sizeof(*group));
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
	if (wait_in_line(&permits->waiters, err, &served))
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
	return latch->open || wait_in_line(&latch->waiters, err, &served);
}
