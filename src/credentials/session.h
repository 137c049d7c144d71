/* A session with AWS: region, endpoints and credentials of all calls. */
#ifndef CREDENTIALS_SESSION_H
#define CREDENTIALS_SESSION_H

#include "aws/settings.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/random.h"
#include "base/vec.h"
#include "credentials/provider.h"
#include "credentials/sts.h"
#include "http/http.h"

/*
 * Made by aws_session_new() (sign_in.h).  Only this folder writes the members; others read them.  Strings
 * live in the arena; so do providers, whose secrets are wiped with the session.
 */
struct refusals; /* bedrock/refusal.h */

struct aws_session {
	struct http *http;
	const struct clock *clock;
	struct env *env;
	struct random random;
	struct arena arena;

	struct str region;
	struct str profile;
	bool profile_chosen; /* on the command line: then keys of the environment do not count */
	bool fips, dual_stack, sts_global;
	/* Custom endpoints; or empty.  `control_url`: of AWS_BEDROCK, `bedrock_url`: of its runtime. */
	struct str bedrock_url, control_url, sts_url;
	int attempts_max; /* AWS_MAX_ATTEMPTS; 0: not set */

	struct strings allowed_accounts;
	const struct secret *bearer; /* AWS_BEARER_TOKEN_BEDROCK, when it takes precedence */
	struct provider *provider;   /* NULL with a bearer token, and when none was found */
	struct str source;           /* in words */
	struct str role;             /* the last role assumed, for messages */
	bool local;
	bool models_have_keys;
	struct error missing; /* why no credentials were found; reported when a model needs them */
	struct refusals *refusals; /* what models refused; in the arena */

	struct {
		VEC_FIELDS(struct provider *);
	} providers;
};

/* A provider over `source`, released with the session. */
struct provider *aws_session_provider(struct aws_session *session,
				      const struct credential_source *source);

/* The input, else the one that GitHub's own action uses in that partition; borrowed. */
struct str aws_session_audience(const struct aws_options *options, struct str region);

/* The region in use, or empty; and where the credentials come from, in words for a person. */
struct str aws_session_region(const struct aws_session *session);
struct str aws_session_source(const struct aws_session *session);

/* What a user without credentials can do. */
const char *aws_session_sign_in_hint(const struct aws_session *session);

/* STS as the session's options reach it. */
bool aws_session_sts(struct aws_session *session, struct sts *sts, struct error *err) MUST_USE;

void aws_session_free(struct aws_session *session);
DEFINE_OWNED(aws_session);

#endif
