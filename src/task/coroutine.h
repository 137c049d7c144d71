/* Functions that can pause: each runs on a stack of its own, all of them on one thread. */
#ifndef TASK_COROUTINE_H
#define TASK_COROUTINE_H

#include "base/common.h"

/* A function under way, and its stack. */
struct coroutine;

/* The stacks of one thread.  Some that are no longer in use are kept for the next functions. */
struct coroutines;

struct coroutines *coroutines_new(void);

/* No coroutine is under way. */
void coroutines_free(struct coroutines *coroutines);

/* How many stacks there are: as many as coroutines are under way, and some that are kept. */
size_t coroutines_len(const struct coroutines *coroutines);

/*
 * Prepares run(arg), which the first coroutine_resume() begins.  NULL when the system has no memory for another
 * stack; it has room again when a coroutine has ended.
 */
struct coroutine *coroutine_new(struct coroutines *coroutines, void (*run)(void *arg), void *arg);

/* Runs it until it pauses or ends.  Returns true when it has ended: it is freed then.  Not from within one. */
bool coroutine_resume(struct coroutine *coroutine) MUST_USE;

/* Called by what runs on it: returns from coroutine_resume(), and goes on at the next. */
void coroutine_pause(struct coroutine *coroutine);

#endif
