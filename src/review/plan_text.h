/* A plan as people and workflows read it. */
#ifndef REVIEW_PLAN_TEXT_H
#define REVIEW_PLAN_TEXT_H

#include "base/buf.h"
#include "review/plan.h"

/*
 * Appends what the plan would call: a line a row (agent, model, units, tokens, cost), the chunks
 * with their files, the files that are left out with the reason, and the sums.  An unknown cost is
 * shown as such.
 */
void plan_write(struct buf *out, const struct plan *plan, const struct agents *agents);

/* The same as a tree: {"units": [...], "chunks": [...], "skipped": [...], "input_tokens": ...}. */
struct value *plan_value(struct arena *arena, const struct plan *plan);

/*
 * A GitHub strategy.matrix: {"include": [{"shard": "1/4@HEAD..BASE"}, ...]}, one entry a shard of
 * the plan, which was made with options.shards.
 */
struct value *plan_matrix(struct arena *arena, const struct plan *plan, struct str head_commit,
			  struct str base_commit);

#endif
