/* The heap of timers, soonest first. */
#include "task/task_internal.h"

/* Places are counted from 1, so that a parent is at half of its children's place. */
static struct timer **place(const struct loop *loop, size_t slot)
{
	return &loop->timers.items[slot - 1];
}

static void put(struct loop *loop, size_t slot, struct timer *timer)
{
	*place(loop, slot) = timer;
	timer->slot = slot;
}

static void sift_up(struct loop *loop, struct timer *timer, size_t slot)
{
	while (slot > 1 && (*place(loop, slot / 2))->due_ns > timer->due_ns) {
		put(loop, slot, *place(loop, slot / 2));
		slot /= 2;
	}
	put(loop, slot, timer);
}

static void sift_down(struct loop *loop, struct timer *timer, size_t slot)
{
	size_t len = loop->timers.len;

	for (size_t child = slot * 2; child <= len; child = slot * 2) {
		if (child < len &&
		    (*place(loop, child + 1))->due_ns < (*place(loop, child))->due_ns)
			child++;
		if ((*place(loop, child))->due_ns >= timer->due_ns)
			break;
		put(loop, slot, *place(loop, child));
		slot = child;
	}
	put(loop, slot, timer);
}

void timer_set(struct loop *loop, struct timer *timer, int64_t due_ns)
{
	timer_clear(loop, timer);
	timer->due_ns = due_ns;
	VEC_PUSH(&loop->timers, timer);
	sift_up(loop, timer, loop->timers.len);
}

void timer_clear(struct loop *loop, struct timer *timer)
{
	size_t slot = timer->slot;
	struct timer *last;

	if (!slot)
		return;
	timer->slot = 0;
	last = *place(loop, loop->timers.len--);
	if (last == timer)
		return;
	sift_up(loop, last, slot);
	sift_down(loop, last, last->slot);
}

struct timer *timer_first(const struct loop *loop)
{
	return loop->timers.len ? *place(loop, 1) : NULL;
}
