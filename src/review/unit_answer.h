/* Reads an agent's answer from a model's reply. */
#ifndef REVIEW_UNIT_ANSWER_H
#define REVIEW_UNIT_ANSWER_H

#include "review/review_run.h"
#include "review/unit_request.h"

struct unit_answer {
	const struct unit *unit;
	const struct chat *chat;   /* with what tools returned before */
	const struct reply *reply; /* that ended by itself */
	bool correctable; /* set on failure: the model may be asked again, with the reason */
};

/*
 * Takes the answer out of the reply, puts it into `state` (texts copied, secrets replaced) and returns true.
 * Several calls of one reply are joined. ERROR_MODEL when there is no answer, or when it has the wrong shape.
 */
bool answer_take(struct review_run *run, struct unit_answer *answer, struct unit_state *state,
		 struct error *err) MUST_USE;

/* Adds the reply and, as the user's message, what is wrong with its answer. */
void answer_reject(struct chat *chat, const struct unit *unit, const struct reply *reply,
		   const struct error *why);

/* ERROR_MODEL when the reply stopped for a reason such as max_tokens, so that it is not an answer. */
bool answer_complete(const struct reply *reply, const struct chat *chat,
		     struct error *err) MUST_USE;

/* What the units that this one needs said of its chunk, for {{ needs }}; a referee gets their claims only. */
struct str answer_needs(struct arena *arena, struct review_run *run, const struct unit *unit);

#endif
