/* One problem in several places: one comment explains all of them. */
#ifndef PUBLISH_ALIKE_H
#define PUBLISH_ALIKE_H

#include "finding/similar.h"
#include "publish/publisher.h"

struct alike_words {
	struct words title, body, text; /* text: title and body, without paths */
};

struct alike_lead {
	size_t idx; /* of the result's findings */
	struct alike_words words;
};

/* Findings that have a comment on lines. */
struct alike {
	struct publisher *run;
	struct {
		VEC_FIELDS(struct alike_lead);
	} leads;
};

void alike_release(struct alike *alike);

/* Lets the comment of the finding with that index explain others. */
void alike_add(struct alike *alike, size_t idx);

/*
 * Looks for a comment that says the same about another place.  True: the finding needs no comment; the other
 * one lists its place.
 */
bool alike_join(struct alike *alike, size_t idx);

/* Joins findings of earlier runs that are in the summary only. */
void alike_join_carried(struct alike *alike);

/*
 * Once what stays open was joined: edits comments of earlier runs whose list of other places is not the one that
 * they should show.  A failure is a warning.
 */
void alike_relist(struct alike *alike);

/* Once comments are posted: gives what they explain their addresses. */
void alike_link(struct alike *alike);

#endif
