/* Reading an agent's answer out of a model's reply. */
#ifndef REVIEW_UNIT_ANSWER_H
#define REVIEW_UNIT_ANSWER_H

#include "review/review_run.h"
#include "review/unit_request.h"

/*
 * Takes the answer of `unit` out of a reply that ended by itself, puts it into `state` (texts copied, secrets
 * replaced) and returns true. `chat` holds what tools returned before. Several calls of one reply are joined.
 * ERROR_MODEL when there is no answer, or when it has the wrong shape; *correctable says that the model may be told
 * so and asked again.
 */
bool answer_take(struct review_run *run, const struct unit *unit, const struct chat *chat,
		 const struct reply *reply, struct unit_state *state, bool *correctable,
		 struct error *err) MUST_USE;

/* Adds the reply and, as the user's message, what is wrong with its answer. */
void answer_reject(struct chat *chat, const struct unit *unit, const struct reply *reply,
		   const struct error *why);

/* ERROR_MODEL when the reply stopped for a reason that makes it no answer. */
bool answer_complete(const struct reply *reply, const struct chat *chat,
		     struct error *err) MUST_USE;

/* What the units that this one needs said of its chunk, for {{ needs }}; a referee gets their claims only. */
struct str answer_needs(struct arena *arena, struct review_run *run, const struct unit *unit);

#endif
