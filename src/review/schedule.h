/* When each unit runs: ready ones in the plan's order, never more tasks than needed. */
#ifndef REVIEW_SCHEDULE_H
#define REVIEW_SCHEDULE_H

#include "review/run.h"

enum { SCHEDULE_SPARE_TASKS = 16, SCHEDULE_CONCURRENCY_MAX = 1000 };

/*
 * Runs all units of the plan and returns when none runs any more.  A unit is ready when those that it
 * needs have ended and, if a cache point pays for its cohort, when another unit of the cohort has
 * received its first byte or all of them that were started have ended.  At most max_concurrency +
 * SCHEDULE_SPARE_TASKS units are tasks at a time.  Waits.
 */
void schedule(struct run *run);

#endif
