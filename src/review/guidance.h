/* The repository's guidance for reviews: its conventions files and the configuration's instructions. */
#ifndef REVIEW_GUIDANCE_H
#define REVIEW_GUIDANCE_H

#include "review/plan.h"

enum {
	GUIDANCE_TOKENS_MAX = 4000, /* of one unit */
	GUIDANCE_FILES_MAX = 40,    /* that are read in one run */
};

/*
 * Sets each unit's `guidance`: the configuration's instructions for the files that it sees, then
 * the guidance files of the base commit, those of the nearest folders first, redacted, within
 * GUIDANCE_TOKENS_MAX.  A file that cannot be read is left out, which is logged.  False only with
 * ERROR_CANCELLED or ERROR_TIMEOUT.  Waits.
 */
bool guidance_read(struct plan *plan, const struct review *review, struct error *err) MUST_USE;

/* The first guidance file that the change touches, or an empty string. */
struct str guidance_edited(const struct review_options *options, const struct diff *diff);

#endif
