/* Which changed files every matching agent has seen completely. */
#ifndef REVIEW_COVERAGE_H
#define REVIEW_COVERAGE_H

#include "review/review_run.h"

/* The reason of files that belong to another shard: review_merge() takes them out again. */
#define COVERAGE_OTHER_SHARD "in another shard"

/*
 * Fills run->result->coverage: every file of the change is either counted as reviewed (all units
 * over its lines ended well) or listed with the reason why not.
 */
void coverage_fill(struct review_run *run);

#endif
