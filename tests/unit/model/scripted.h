/* A model that answers from a list of outcomes. */
#ifndef TESTS_UNIT_MODEL_SCRIPTED_H
#define TESTS_UNIT_MODEL_SCRIPTED_H

#include "model/model.h"
#include "task/task.h"

enum { OUTCOMES_MAX = 32 };

/* One attempt: an error, or (kind NONE) an answer. */
struct scripted_outcome {
	enum error_kind kind;
	int64_t retry_after_ms;
	enum stop_reason stop;
	const char *text;
};

/* Gives the outcomes in order; the last one again and again. */
struct scripted {
	struct scripted_outcome outcomes[OUTCOMES_MAX];
	size_t len;
	size_t calls;
	int64_t duration_ms;
	int64_t max_tokens[OUTCOMES_MAX]; /* that were asked for */
	int64_t at_ms[OUTCOMES_MAX];      /* when each call came */
	struct model model;               /* set by scripted_init() */
};

void scripted_init(struct scripted *scripted, const char *id);
void scripted_add(struct scripted *scripted, struct scripted_outcome outcome);

/* Runs `fn` as the first task of a loop with a virtual clock; `random` is fixed. */
void run_virtual(task_fn *fn, void *arg);

#endif
