/* A plan as people read it. */
#ifndef OUTPUT_PLAN_TEXT_H
#define OUTPUT_PLAN_TEXT_H

#include "base/buf.h"
#include "review/plan.h"

/*
 * Appends what the plan would call: a line a row (agent, model, units, tokens, cost), the chunks
 * with their files, the files that are left out with the reason, and the sums.  An unknown cost is
 * shown as such.
 */
void plan_text_add(struct buf *out, const struct plan *plan, const struct agents *agents);

#endif
