/* Which files of a change count as reviewed, so that a later run can leave them out. */
#ifndef PUBLISH_REVIEWED_H
#define PUBLISH_REVIEWED_H

#include "diff/diff.h"
#include "publish/state.h"
#include "review/result.h"

/* What a run reviewed of a change.  All borrowed. */
struct reviewed {
	const struct diff *diff;           /* the whole change */
	const struct state_key *file_keys; /* one a file, from reviewed_rest(); or NULL */
	const struct coverage *coverage;
	const struct state *before; /* the state when the run began; zeroed: none */
	struct str reviewers;       /* see state_key_of(); empty: not known, and no file counts */
	bool some_agents;           /* not all agents took part: the run itself adds no file */
};

/*
 * The keys of all files that now count: those that this run saw whole, and those that an earlier one
 * reviewed and that are unchanged.  In `arena`.
 */
void reviewed_keys(const struct reviewed *reviewed, struct arena *arena, struct state_key **keys,
		   size_t *len);

/*
 * The files of `diff` that are still to be reviewed: all of them when `before` is NULL, else those that are new
 * or changed.  Returns the number of the others.  `rest` borrows the files.  Where keys were compared, its list is
 * in `arena`, and so are *file_keys, those of all files, for reviewed_keys().  Where they were not, it borrows the
 * list too, and *file_keys are NULL.
 */
size_t reviewed_rest(const struct diff *diff, const struct state *before, struct str reviewers,
		     struct arena *arena, struct diff *rest, const struct state_key **file_keys);

/* The files of `diff` that a result does not list as skipped, rules apart; as above. */
void reviewed_seen(const struct diff *diff, const struct coverage *coverage, struct arena *arena,
		   struct diff *seen);

#endif
