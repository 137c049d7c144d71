/* When each unit runs: ready ones in the plan's order, never more tasks than needed. */
#ifndef REVIEW_SCHEDULE_H
#define REVIEW_SCHEDULE_H

#include "review/review_run.h"

enum { SCHEDULE_SPARE_TASKS = 16, SCHEDULE_CONCURRENCY_MAX = 1000 };

/*
 * Runs all units of the plan and returns when none runs any more.  A unit is ready when those that
 * it needs have ended and, if waiting for the cache pays, when another unit of the cohort has
 * received its first byte or all of them that were started have ended.  As many units run as
 * max_concurrency says, and one more for each that the service keeps waiting, at most
 * SCHEDULE_SPARE_TASKS: the cache lives for minutes, so what is started should also be sent.
 * Waits.
 */
void schedule(struct review_run *run);

#endif
