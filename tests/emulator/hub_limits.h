/* GitHub's limits: requests an hour, content a minute, and the headers that tell of them. */
#ifndef EMULATOR_HUB_LIMITS_H
#define EMULATOR_HUB_LIMITS_H

#include "server.h"

/* So many requests in a window that begins with its first one (GitHub docs, "Rate limits"). */
struct hub_budget {
	const char *resource; /* "core", "graphql" */
	int64_t limit, used;
	int64_t ends_ms; /* wall time; 0: no window has begun */
};

/*
 * All times in the scenario are those of the client, whose clock may run `clock_scale` times as fast:
 * a limit of 60 s then lasts 60 / clock_scale s, and headers say 60 s.
 */
struct hub_limits {
	struct hub_budget core, graphql;
	int64_t window_ms; /* of the real clock */
	int64_t scale;
	int64_t creations_max; /* requests that make content, in creations_ms; 0: any number */
	int64_t creations_ms, retry_after; /* retry_after 0: the answer does not say */
	struct {
		VEC_FIELDS(int64_t);
	} creations; /* wall times of those that passed */
	int status;  /* of a refusal: 403, or 429 */
};

/*
 * Reads from the `github:` part of a scenario; without them GitHub's own figures count:
 *   clock_scale: 20
 *   rate_limit: { limit: 1000, graphql: 1000, reset_seconds: 3600, status: 403 }
 *   secondary_limit: { creations: 80, seconds: 60, retry_after: 60 }
 */
void hub_limits_init(struct hub_limits *limits, const struct value *scenario);
void hub_limits_release(struct hub_limits *limits);

/*
 * Counts a request and says by headers what is left.  False when it is over a limit: the answer is then
 * the refusal.
 */
bool hub_limits_admit(struct hub_limits *limits, struct request *request, bool is_graphql,
		      struct answer *answer) MUST_USE;

#endif
