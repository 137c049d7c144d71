/* What a review would call, known before the first call: units, their order, cohorts, estimates. */
#ifndef REVIEW_PLAN_H
#define REVIEW_PLAN_H

#include "review/unit.h"

void plan_release(struct plan *plan);

/*
 * Plans all that `review` asks for over `diff` (the change as models will see it).  With
 * review->options.shards the chunks are spread over at most that many shards of about equal tokens,
 * and with options.shard the units are those of that shard only.  ERROR_CONFIG for an unknown model or
 * shard.  Does not wait.
 */
bool plan_make(struct plan *plan, const struct review *review, const struct diff *diff,
	       struct error *err) MUST_USE;

enum { PLAN_UNITS_MAX = 100000 };

#endif
