/* Inside of this folder: what the summary comment remembers, and whether it may be believed. */
#ifndef PUBLISH_REMEMBERED_H
#define PUBLISH_REMEMBERED_H

#include "publish/previous.h"

/* Adds the first line of a summary. */
void remembered_heading(struct buf *out, const struct previous *previous);

/* Whether a first part holds a state that was made for another comment, so that it is a copy. */
bool remembered_is_copy(const struct previous *previous, const struct issue_comment *comment);

/*
 * Reads the state out of previous->parts and what second summaries remember besides it.  A state that may
 * be forged is reported, and only what cannot turn a review green is kept of it.  Waits when check runs
 * vouch for states.
 */
bool remembered_read(struct github *github, struct previous *previous, struct error *err) MUST_USE;

/*
 * Reads the first piece of what the summary of another pull request remembers, dismissals first.  False when
 * there is none, or when it was not written there.  A state of several pieces counts only without a key.
 */
bool remembered_elsewhere(const struct previous *previous, const struct issue_comment *comment,
			  struct state *state) MUST_USE;

#endif
