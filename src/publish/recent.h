/* What people dismissed on other pull requests of the repository. */
#ifndef PUBLISH_RECENT_H
#define PUBLISH_RECENT_H

#include "publish/previous.h"

enum { DISMISSALS_MAX = 50, DISMISSALS_DAYS = 90 };

/* Findings that people dismissed, those of the last updated pull request first.  In the arena that filled it. */
struct dismissals {
	struct state_finding items[DISMISSALS_MAX];
	size_t len;
};

/*
 * Reads what the summaries of the last DISMISSALS_DAYS remember: those of our own author and reviewer, as
 * `previous` names them, on other pull requests than its own.  A pull request whose summary is not among the
 * last RECENT_COMMENTS_MAX comments does not count.  `now_ms` is wall time.  Waits.
 */
bool recent_dismissals(struct github *github, const struct previous *previous, int64_t now_ms,
		       struct arena *arena, struct dismissals *dismissals,
		       struct error *err) MUST_USE;

#endif
