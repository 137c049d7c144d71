/* The AWS Security Token Service: AssumeRoleWithWebIdentity, AssumeRole and GetCallerIdentity. */
#ifndef CREDENTIALS_STS_H
#define CREDENTIALS_STS_H

#include "aws/credentials.h"
#include "aws/endpoints.h"
#include "base/clock.h"
#include "base/random.h"
#include "http/http.h"
#include "value/strings.h"

/* The endpoint that is called, and the retry limit. */
struct sts {
	struct http *http;
	const struct clock *clock;
	struct random *random;
	struct endpoint endpoint;
	int attempts_max; /* 0: STS_ATTEMPTS_MAX */
};

enum {
	STS_ATTEMPTS_MAX = 5,
	SIGN_IN_IDLE_TIMEOUT_MS = 30000, /* of STS and IAM Identity Center */
};

/* A role and the session in it. Empty members are not sent. */
struct role_request {
	struct str role_arn;
	struct str session_name;
	int64_t duration_seconds; /* 0: the service's default */
	struct str policy;        /* JSON */
	struct strings policy_arns;
	struct str external_id;
	struct str source_identity;
};

/* The answer of GetCallerIdentity. */
struct identity {
	struct str account, arn, user_id;
};

/*
 * Gets the token for one attempt; called again for each.  Waits.
 */
struct token_source {
	bool (*fetch)(void *ctx, struct secret *token, struct error *err);
	void *ctx;
};

/*
 * AssumeRoleWithWebIdentity, unsigned.  The error for a refused token has its `sub` and `aud`, never the
 * token.  Retries transient errors, each time with a new token.  Waits.
 */
bool sts_assume_with_token(const struct sts *sts, const struct token_source *tokens,
			   const struct role_request *role, struct credentials *credentials,
			   struct error *err) MUST_USE;

/* AssumeRole, signed with `with`. */
bool sts_assume(const struct sts *sts, const struct credentials *with,
		const struct role_request *role, struct credentials *credentials,
		struct error *err) MUST_USE;

/* GetCallerIdentity, signed with `with`. */
bool sts_identity(const struct sts *sts, const struct credentials *with, struct arena *arena,
		  struct identity *identity, struct error *err) MUST_USE;

/* Reads the answers, JSON or XML.  ERROR_PROTOCOL names what is missing. */
bool sts_read_credentials(struct str body, const char *action, struct credentials *credentials,
			  struct error *err) MUST_USE;
bool sts_read_identity(struct str body, struct arena *arena, struct identity *identity,
		       struct error *err) MUST_USE;

#endif
