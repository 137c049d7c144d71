/* Groups: tasks that are cancelled and timed together. */
#include "task/task_internal.h"

void group_init(struct group *group, struct group *parent)
{
	*group = (struct group){.loop = parent ? parent->loop : loop_current(), .parent = parent};
	assert(group->loop);
	group->deadline.group = group;
	if (!parent)
		return;
	group->next = parent->children;
	group->link = &parent->children;
	if (group->next)
		group->next->link = &group->next;
	parent->children = group;
	if (parent->cancelled)
		group_stop(group, parent->reason, parent->timeout_ms);
}

void group_stop(struct group *group, enum error_kind reason, int64_t timeout_ms)
{
	if (group->cancelled)
		return;
	group->cancelled = true;
	group->reason = reason;
	group->timeout_ms = timeout_ms;
	timer_clear(group->loop, &group->deadline);
	for (struct task *task = group->tasks; task; task = task->next) {
		if (!task->deaf)
			task_wake(task, WAKE_CANCEL);
	}
	for (struct group *child = group->children; child; child = child->next)
		group_stop(child, reason, timeout_ms);
}

bool group_error(const struct group *group, struct error *err)
{
	if (group->reason == ERROR_TIMEOUT)
		return error_set(err, ERROR_TIMEOUT, "stopped: the limit of %.6g s is over",
				 (double)group->timeout_ms / 1000);
	return error_set(err, group->reason, "cancelled");
}

void group_cancel(struct group *group)
{
	group_stop(group, ERROR_CANCELLED, 0);
}

bool group_is_cancelled(const struct group *group)
{
	return group->cancelled;
}

void group_set_deadline(struct group *group, int64_t timeout_ms)
{
	if (group->cancelled)
		return;
	group->timeout_ms = timeout_ms;
	if (timeout_ms > 0)
		timer_set(group->loop, &group->deadline,
			  clock_ns(group->loop->clock) + timeout_ms * NS_PER_MS);
	else
		timer_clear(group->loop, &group->deadline);
}
