/* The referee, an agent that judges merged findings: its input, its verdicts, and their effect. */
#ifndef REVIEW_REFEREE_H
#define REVIEW_REFEREE_H

#include "model/chat.h"
#include "review/review_run.h"

/* Whether the chunk has enough to judge: two findings, or one above medium. */
bool referee_is_needed(struct review_run *run, size_t idx);

/* The merged findings of the units that this one needs, as claims: without what their finders argue. */
struct str referee_claims(struct arena *arena, struct review_run *run, const struct unit *unit);

/*
 * Takes the verdicts.  One that drops or moves a finding counts only when the code that it quotes is in the chunk's
 * files or in what a tool returned in this conversation; otherwise the finding is kept.
 */
bool referee_take(struct review_run *run, const struct unit *unit, const struct chat *chat,
		  const struct value *value, struct unit_state *state, struct error *err) MUST_USE;

/*
 * Adds the findings as judged to the run's result.  One is dropped only by code that it does not quote itself; else
 * it moves to the summary.  Without verdicts all are kept, marked unchecked.
 */
void referee_apply(struct review_run *run, size_t idx);

#endif
