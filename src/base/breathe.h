/* A pause in long work, for folders that know no tasks: what runs the thread decides whether others go on. */
#ifndef BASE_BREATHE_H
#define BASE_BREATHE_H

#include <stddef.h>

/*
 * For loops over what a stranger made long, at a point where nothing that others can see is half done: others may
 * run meanwhile. Nothing happens in a thread that set no function.
 */
void breathe(void);

/* For a loop that takes less than a microsecond a step: counts the step, and breathes at each 16,384th. */
static inline void breathe_each(size_t *count)
{
	if (++*count % 16384 == 0)
		breathe();
}

/* Sets what breathe() calls in this thread; task_breathe() in a task. */
void breathe_set(void (*fn)(void));

#endif
