/* One unit's conversation with its model. */
#ifndef REVIEW_CONVERSE_H
#define REVIEW_CONVERSE_H

#include "review/review_run.h"

/* How often an answer of a wrong shape is asked for again. */
enum { CORRECTIONS_MAX = 2 };

/*
 * Asks until the unit has an answer, runs the tools that the model wants, and leaves the outcome in
 * run->states[idx] and the agent's row.  `group` is the calling task's own: its deadline, the
 * agent's limits.seconds, begins when the first request leaves or is throttled, so
 * that waiting in the queue does not count.  Waits.
 */
void converse_unit(struct review_run *run, size_t idx, struct group *group);

#endif
