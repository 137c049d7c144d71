/* Timers of a loop: a heap of points in clock time. */
#ifndef TASK_TIMERS_H
#define TASK_TIMERS_H

#include "base/common.h"

/* Embedded in what waits; zeroed it is not set. */
struct timer {
	int64_t at_ns;
	size_t place; /* in the heap, from 1; 0: not set */
	void (*fire)(struct timer *timer);
};

/* Zeroed it is empty. */
struct timers {
	struct timer **items;
	size_t len, cap;
};

void timers_release(struct timers *timers);

/* Sets or moves a timer. */
void timer_set(struct timers *timers, struct timer *timer, int64_t at_ns);

/* Takes a timer away; nothing happens when it is not set. */
void timer_unset(struct timers *timers, struct timer *timer);

/* The earliest, or NULL. */
struct timer *timers_first(const struct timers *timers);

#endif
