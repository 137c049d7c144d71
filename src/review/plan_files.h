/* What the units of a plan are shown from files of the repository. */
#ifndef REVIEW_PLAN_FILES_H
#define REVIEW_PLAN_FILES_H

#include "review/plan.h"

/*
 * Reads the code around the hunks and the repository's guidance, and estimates the plan again.
 * What cannot be read is left out.  False only with ERROR_CANCELLED or ERROR_TIMEOUT.  Waits.
 */
bool plan_read_files(struct plan *plan, const struct review *review, struct error *err) MUST_USE;

#endif
