/* Retries: how often, after which delay, and when not. */
#ifndef MODEL_RETRY_H
#define MODEL_RETRY_H

#include "base/random.h"
#include "model/gate.h"
#include "model/model.h"

enum retry_mode {
	RETRY_PATIENT, /* neither AWS_RETRY_MODE nor AWS_MAX_ATTEMPTS is set: faults pass in seconds */
	RETRY_2_1,     /* the SDKs' retry 2.1 */
	RETRY_LEGACY, /* AWS_RETRY_MODE=legacy: as the SDKs did it before 2.1 */
};

/* "standard", "adaptive" (both 2.1; the limiter learns in any mode) and "legacy". */
bool retry_mode_parse(struct str name, enum retry_mode *mode) MUST_USE;

/*
 * A model with a fallback counts as exhausted after so many throttled attempts in a row: about a
 * minute.
 */
enum { RETRY_REFUSALS_MAX = 6 };

enum {
	RETRY_ATTEMPTS_DEFAULT = 3,
	RETRY_ATTEMPTS_PATIENT = 4, /* faults of the network and of the server, without a mode */
	RETRY_QUOTA_INITIAL = 500,
};

/* Shared by all calls to one (region, model).  Faults draw on it, successes give back. */
struct retry_quota {
	int left;
};

void retry_quota_init(struct retry_quota *quota);

/*
 * What a retry takes from the quota: 14 for a fault and 5 for throttling; legacy: 5, timeouts 10.
 */
int retry_cost(enum retry_mode mode, const struct error *err);

/*
 * The wait before retry number `retry` (1-based).  2.1: `unit` (0..1) times min(base * 2^(retry-1), 20
 * s), with a base of 50 ms for faults and 1 s for throttling.  Legacy: 1 s for all.  Patient: about 1, 2
 * and 4 s for faults, a quarter more or less.  Where it is not legacy, a hint of the service raises it,
 * to at most five seconds above.
 */
int64_t retry_delay_ms(enum retry_mode mode, const struct error *err, int retry, double unit);

/* The wrapper: a ctx for retry_ops.  All borrowed. */
struct retried_model {
	const struct model *inner; /* one attempt; through `gate` */
	struct gate *gate;
	struct retry_quota *quota;
	struct random *random;
	enum retry_mode mode;
	bool has_fallback; /* another model can answer when this one is exhausted */
	int attempts_max;  /* AWS_MAX_ATTEMPTS: bounds all attempts; 0: not set */
};

/*
 * Without attempts_max, faults are tried RETRY_ATTEMPTS_DEFAULT (patient: RETRY_ATTEMPTS_PATIENT)
 * times and throttling is waited out, at the gate's pace, until the caller's group is cancelled.  With
 * it, a throttled attempt counts like any other.  A model that has a fallback is given up after
 * RETRY_REFUSALS_MAX refusals in a row.  A failed attempt of a watch that is committed is final.
 */
extern const struct model_ops retry_ops;

#endif
