/* The code around the hunks: the enclosing functions, from the files of the head commit. */
#ifndef REVIEW_SURROUNDINGS_H
#define REVIEW_SURROUNDINGS_H

#include "review/unit.h"

enum {
	SURROUNDINGS_FILES_MAX = 100, /* that are read in one run */
	SURROUNDINGS_SHARE = 2,       /* they take at most one half of a chunk's room */
};

/*
 * Reads the files of the plan's units at the head commit, and sets each unit's `around`.
 * A file must agree with the change as review->change has it.  What cannot be read,
 * or exceeds the room, is left out and named in the request.  False only with ERROR_CANCELLED or
 * ERROR_TIMEOUT.  Waits.
 */
bool surroundings_read(struct plan *plan, const struct review *review, struct error *err) MUST_USE;

#endif
