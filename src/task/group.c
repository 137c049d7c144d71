/* Groups: tasks that are joined, cancelled and timed out together. */
#include "task/loop.h"

static void on_deadline(struct timer *timer)
{
	struct group *group =
		(struct group *)(void *)((char *)timer - offsetof(struct group, timer));

	if (group->cancelled)
		return;
	group->reason = ERROR_TIMEOUT;
	group_cancel(group);
}

void group_init(struct group *group, struct group *parent)
{
	*group = (struct group){
		.loop = parent ? parent->loop : loop_current(),
		.parent = parent,
		.reason = ERROR_CANCELLED,
		.timer.fire = on_deadline,
	};
	if (parent) {
		group->next_sibling = parent->children;
		parent->children = group;
	}
}

static void leave_parent(struct group *group)
{
	struct group **link = group->parent ? &group->parent->children : NULL;

	while (link && *link && *link != group)
		link = &(*link)->next_sibling;
	if (link && *link)
		*link = group->next_sibling;
}

void group_release(struct group *group)
{
	if (!group || !group->loop)
		return;
	group_cancel(group);
	while (group->tasks) {
		group->joiner = task_current();
		task_wait_deaf();
	}
	timer_unset(&group->loop->timers, &group->timer);
	assert(!group->children);
	leave_parent(group);
	*group = (struct group){0};
}

void group_set_deadline(struct group *group, int64_t timeout_ms)
{
	if (timeout_ms > 0)
		timer_set(&group->loop->timers, &group->timer,
			  clock_ns(group->loop->clock) + timeout_ms * 1000000);
	else
		timer_unset(&group->loop->timers, &group->timer);
}

static void wake_tasks(struct group *group)
{
	for (struct task *task = group->tasks; task; task = task->group_next) {
		if (!task->deaf)
			task_resume(task, false);
	}
	for (struct group *child = group->children; child; child = child->next_sibling)
		wake_tasks(child);
}

void group_cancel(struct group *group)
{
	if (!group->loop || group->cancelled)
		return;
	group->cancelled = true;
	timer_unset(&group->loop->timers, &group->timer);
	wake_tasks(group);
}

/* The outermost group, from this one upwards, that is cancelled: the cause of the others; or NULL. */
static const struct group *cancelled_by(const struct group *group)
{
	const struct group *cause = NULL;

	for (; group; group = group->parent) {
		if (group->cancelled)
			cause = group;
	}
	return cause;
}

bool group_is_cancelled(const struct group *group)
{
	return cancelled_by(group) != NULL;
}

bool group_check(const struct group *group, struct error *err)
{
	const struct group *cause = cancelled_by(group);

	if (!cause)
		return true;
	return error_set(err, cause->reason,
			 cause->reason == ERROR_TIMEOUT ? "the time is over" : "stopped");
}

struct group *task_group(void)
{
	return task_current()->group;
}

bool task_join(struct group *group, struct error *err)
{
	bool good = true;

	while (good && group->tasks) {
		group->joiner = task_current();
		good = task_wait(0, err);
	}
	group->joiner = NULL;
	return good;
}
