/* The engine: a change and some agents in, findings out. */
#ifndef REVIEW_REVIEW_H
#define REVIEW_REVIEW_H

#include "review/input.h"
#include "review/result.h"

/*
 * Runs all units and fills `result`, which is complete whatever happens: agents that failed or were
 * stopped have their row and error.  False, with an empty result, only when nothing can be
 * reviewed: ERROR_CONFIG (a model that is not there, a price that max_cost_usd needs, a recording
 * that is missing), ERROR_CREDENTIALS before any unit was done.  Waits.
 */
bool review_run(struct review *review, struct review_result *result, struct error *err) MUST_USE;

#endif
