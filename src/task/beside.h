/* A step that runs beside its caller: both wait for the network at the same time. */
#ifndef TASK_BESIDE_H
#define TASK_BESIDE_H

#include "task/task.h"

typedef bool beside_fn(void *ctx, struct error *err);

/*
 * Not to be moved while the step runs.  Life cycle: beside_begin() -> beside_end() -> beside_release(), which may
 * also come first: it cancels the step.
 */
struct beside {
	struct group group; /* below the caller's */
	beside_fn *fn;
	void *ctx;
	struct error err; /* if not ok */
	bool ok;
};

/* Starts `fn` in a task with the caller's name, below the caller's group. It runs when the caller next waits. */
void beside_begin(struct beside *beside, beside_fn *fn, void *ctx);

/* Waits for the end of the step. False with its error, or with the caller's own cancellation. */
bool beside_end(struct beside *beside, struct error *err) MUST_USE;

/* Cancels the step if it still runs, and waits for its end. Accepts a zeroed one. */
void beside_release(struct beside *beside);

#endif
