/* A source of AWS credentials, and their renewal. */
#ifndef CREDENTIALS_PROVIDER_H
#define CREDENTIALS_PROVIDER_H

#include "aws/credentials.h"
#include "base/clock.h"
#include "base/common.h"
#include "base/error.h"
#include "task/task.h"

/*
 * A source of credentials.  `fetch` gets new ones and waits; `ctx` must outlive the source's users.
 */
struct credential_source {
	const char *name; /* "environment", "role" ...: for the log and for messages */
	bool (*fetch)(void *ctx, struct credentials *credentials, struct error *err);
	void *ctx;
};

/*
 * Keeps the credentials of one source fresh.  The first caller renews them when a quarter of their life is left
 * (at most 15 minutes), while others use the old ones; when a sixth is left (at most 10 minutes) every caller
 * waits for the new ones.  One renewal at a time; a failed one is
 * a warning as long as the old ones are valid, and is not tried again for a while.
 */
struct provider {
	struct credential_source source;
	const struct clock *clock;
	struct credentials current;
	int64_t fetched_ms;  /* wall time of the last success */
	int64_t next_try_ms; /* after a failed renewal: not before */
	int64_t renewals;    /* attempts so far, failed ones included */
	bool renewing;
	struct permits turn; /* its holder renews */
	struct error last_error;
};

void provider_init(struct provider *provider, const struct credential_source *source,
		   const struct clock *clock);
void provider_release(struct provider *provider);

/*
 * Gives valid credentials, borrowed until the caller next waits.  Fails as the source does, with
 * ERROR_CREDENTIALS or what the network says.  Waits.
 */
bool provider_get(struct provider *provider, const struct credentials **credentials,
		  struct error *err) MUST_USE;

/* The service says that they expired: the next provider_get() renews. */
void provider_expire(struct provider *provider);

/* How long before they expire credentials of that life are renewed, and must be renewed. */
int64_t provider_advisory_ms(int64_t life_ms);
int64_t provider_mandatory_ms(int64_t life_ms);

#endif
