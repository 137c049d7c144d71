/* The default thinking of models. */
#ifndef REVIEW_THINKING_H
#define REVIEW_THINKING_H

#include "review/input.h"

/* Thoughts of a model that takes a budget in tokens; of a trivial change a quarter. */
enum { THINKING_BUDGET_TOKENS = 4096 };

/*
 * Fills `copy` with the model as it is asked in a review: it thinks with options->effort if it
 * can, unless its thinking is configured, or the model's entry or the agent sets a temperature or the like,
 * which exclude thinking.  False: the model is used unchanged.
 */
bool thinking_by_default(const struct review_options *options, const struct agent *agent,
			 const struct model *model, struct model *copy);

/* Whether the model thinks before it answers, as it will be asked. */
bool thinks(const struct model *model);

#endif
