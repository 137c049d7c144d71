/* GitHub's limits: requests an hour, content a minute, and the headers that tell of them. */
#ifndef EMULATOR_HUB_LIMITS_H
#define EMULATOR_HUB_LIMITS_H

#include "server.h"

/*
 * So many requests, and after the first one beyond them none for the length of a window.  GitHub's windows begin
 * with their first request; then it would depend on the speed of the machine whether a test encounters the limit.
 */
struct hub_budget {
	const char *resource; /* "core", "graphql"; NULL: the content */
	int64_t limit, used;
	int64_t window_ms; /* of the real clock */
	int64_t ends_ms;   /* wall time; 0: nothing was refused yet */
};

/*
 * All times in the scenario are those of the client, whose clock may run `clock_scale` times as fast:
 * a limit of 60 s then lasts 60 / clock_scale s, and headers say 60 s.
 */
struct hub_limits {
	struct hub_budget core, graphql;
	struct hub_budget creations; /* requests that make content */
	int64_t scale;
	int64_t retry_after; /* 0: the answer does not contain it */
	int status;          /* of a refusal: 403, or 429 */
};

/*
 * Reads from the `github:` part of a scenario; without them GitHub's own figures count:
 *   clock_scale: 20
 *   rate_limit: { limit: 1000, graphql: 1000, reset_seconds: 3600, status: 403 }
 *   secondary_limit: { creations: 80, seconds: 60, retry_after: 60 }
 */
void hub_limits_init(struct hub_limits *limits, const struct value *scenario);

/*
 * Counts a request and says by headers what is left.  False when it is over a limit: the answer is then
 * the refusal.
 */
bool hub_limits_admit(struct hub_limits *limits, struct request *request, bool is_graphql,
		      struct answer *answer) MUST_USE;

#endif
