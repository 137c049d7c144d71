/* Inside of this folder: reads the state of the summary comment, and checks that it is genuine. */
#ifndef PUBLISH_REMEMBERED_H
#define PUBLISH_REMEMBERED_H

#include "publish/previous.h"

/* Adds the first line of a summary. */
void remembered_heading(struct buf *out, const struct previous *previous);

/* Whether a first part holds a state that was made for another comment, so that it is a copy. */
bool remembered_is_copy(const struct previous *previous, const struct issue_comment *comment);

/*
 * Reads the state out of previous->parts and what second summaries remember besides it.  A state that may
 * be forged is reported, and only the parts that cannot make a review pass are kept.  Waits when check runs
 * confirm states.
 */
bool remembered_read(struct github *github, struct previous *previous, struct error *err) MUST_USE;

/*
 * Reads the first piece of what the summary of another pull request remembers, dismissals first.  False
 * without one, or when it was written for another comment.  A state of several pieces counts only without a key.
 */
bool remembered_elsewhere(const struct previous *previous, const struct issue_comment *comment,
			  struct state *state) MUST_USE;

#endif
