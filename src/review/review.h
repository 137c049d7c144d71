/* The engine: reviews a change with some agents. */
#ifndef REVIEW_REVIEW_H
#define REVIEW_REVIEW_H

#include "review/input.h"
#include "review/result.h"

/*
 * Runs all units and fills `result`, which is always complete: agents that failed or were
 * stopped have a row and an error.  False, with an empty result, only when nothing can be
 * reviewed: ERROR_CONFIG (an unknown model, a missing price that max_cost_usd needs, a missing
 * recording), ERROR_CREDENTIALS before any unit was done.  Waits.
 */
bool review_run(struct review *review, struct review_result *result, struct error *err) MUST_USE;

#endif
