/* A plan as programs and workflows read it. */
#ifndef REVIEW_PLAN_VALUE_H
#define REVIEW_PLAN_VALUE_H

#include "base/arena.h"
#include "review/plan.h"

/* The plan as a tree: {"units": [...], "chunks": [...], "skipped": [...], "input_tokens": ...}. */
struct value *plan_value(struct arena *arena, const struct plan *plan);

/*
 * A GitHub strategy.matrix: {"include": [{"shard": "1/4@HEAD..BASE"}, ...]}, one entry a shard of
 * the plan, which was made with options.shards.
 */
struct value *plan_matrix(struct arena *arena, const struct plan *plan, struct str head_commit,
			  struct str base_commit);

#endif
