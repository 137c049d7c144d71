/* What each agent of a run sees besides the change. */
#ifndef REVIEW_CONTEXTS_H
#define REVIEW_CONTEXTS_H

#include "review/review_run.h"

enum {
	RETRIEVED_SIZE_MAX = 32000,    /* bytes of paragraphs that one agent is given */
	EMBEDDED_PARAGRAPHS_MAX = 400, /* of one agent; a notice says when there are more */
	QUERIES_MAX = 16,              /* pieces of the change that paragraphs are compared with */
};

/*
 * Fills run->contexts for each agent that has units: whole files of the base commit, and the
 * paragraphs nearest to the change.  What is not available becomes a notice of the result, never an
 * error.  Waits.
 */
void contexts_fill(struct review_run *run);

#endif
