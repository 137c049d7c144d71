/* What the engine reports while it runs. */
#ifndef REVIEW_PROGRESS_H
#define REVIEW_PROGRESS_H

#include "review/result.h"

/*
 * Every member may be NULL; called while holding the turn, must not wait.  `result` is the agent's
 * row, up to date.  `unit` names agent, model and chunk: "security/sonnet 2/5".
 */
struct progress_ops {
	void (*planned)(void *ctx, const struct review_result *result, int units);
	void (*unit_started)(void *ctx, const struct agent_result *result, struct str unit);
	void (*unit_waiting)(void *ctx, const struct agent_result *result, struct str unit,
			     struct str why, int64_t wait_ms); /* throttled, retrying */
	void (*finding_seen)(void *ctx, const struct agent_result *result, struct str title);
	void (*unit_ended)(void *ctx, const struct agent_result *result, struct str unit,
			   const struct error *err); /* NULL: it went well */
	void (*ended)(void *ctx, const struct review_result *result);
};

struct progress {
	const struct progress_ops *ops; /* NULL: silence */
	void *ctx;
};

#endif
