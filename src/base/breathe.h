/* A pause in long work, for folders that do not include src/task: what runs the code decides what it does. */
#ifndef BASE_BREATHE_H
#define BASE_BREATHE_H

#include <stddef.h>

/*
 * Lets other tasks run, in a loop over untrusted input of any length.  Call it where shared data is consistent.
 * Does nothing in a thread that set no function.
 */
void breathe(void);

/* For a loop that takes less than a microsecond a step: counts the step, and breathes at each 16,384th. */
static inline void breathe_each(size_t *count)
{
	if (++*count % 16384 == 0)
		breathe();
}

/* For a walk over many small things that takes many calls: each 512th call in this thread breathes. */
void breathe_step(void);

/* Sets what breathe() calls in this thread; task_breathe() while a loop runs. */
void breathe_set(void (*fn)(void));

#endif
