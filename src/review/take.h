/* The findings that one unit reported: placed, and within its agent's limits. */
#ifndef REVIEW_TAKE_H
#define REVIEW_TAKE_H

#include "review/review_run.h"

/*
 * Appends copies of the unit's findings to `into`.  Those below the agent's floor or beyond its max_findings are
 * left out, and listed in run->result if `note` is set.
 */
void take_unit(struct review_run *run, size_t idx, struct findings *into, bool note);

/* Lists a finding as dropped; everything is copied. */
void take_drop(struct review_result *result, const struct finding *finding, struct str reason,
	       struct str evidence);

#endif
