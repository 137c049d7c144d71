/* Timers of a loop: a binary heap, earliest first. */
#include "task/timers.h"

#include <stdlib.h>

#include "base/memory.h"

void timers_release(struct timers *timers)
{
	free(timers->items);
	*timers = (struct timers){0};
}

static bool is_before(const struct timers *timers, size_t a, size_t b)
{
	return timers->items[a]->at_ns < timers->items[b]->at_ns;
}

static void swap(struct timers *timers, size_t a, size_t b)
{
	struct timer *item = timers->items[a];

	timers->items[a] = timers->items[b];
	timers->items[b] = item;
	timers->items[a]->place = a + 1;
	timers->items[b]->place = b + 1;
}

static void move_up(struct timers *timers, size_t idx)
{
	while (idx && is_before(timers, idx, (idx - 1) / 2)) {
		swap(timers, idx, (idx - 1) / 2);
		idx = (idx - 1) / 2;
	}
}

static void move_down(struct timers *timers, size_t idx)
{
	for (;;) {
		size_t least = idx;

		for (size_t child = 2 * idx + 1; child <= 2 * idx + 2; child++) {
			if (child < timers->len && is_before(timers, child, least))
				least = child;
		}
		if (least == idx)
			return;
		swap(timers, idx, least);
		idx = least;
	}
}

void timer_unset(struct timers *timers, struct timer *timer)
{
	size_t idx = timer->place - 1;

	if (!timer->place)
		return;
	swap(timers, idx, timers->len - 1);
	timers->len--;
	timer->place = 0;
	if (idx < timers->len) {
		move_up(timers, idx);
		move_down(timers, idx);
	}
}

void timer_set(struct timers *timers, struct timer *timer, int64_t at_ns)
{
	timer_unset(timers, timer);
	timer->at_ns = at_ns;
	if (timers->len == timers->cap) {
		timers->cap = timers->cap ? timers->cap * 2 : 64;
		timers->items = memory_grow(timers->items, timers->cap, sizeof(*timers->items));
	}
	timers->items[timers->len++] = timer;
	timer->place = timers->len;
	move_up(timers, timers->len - 1);
}

struct timer *timers_first(const struct timers *timers)
{
	return timers->len ? timers->items[0] : NULL;
}
