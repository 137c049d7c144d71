/* The inside of a session with AWS, for the files of this folder. */
#ifndef AWS_SESSION_H
#define AWS_SESSION_H

#include "aws/aws.h"
#include "aws/credentials.h"
#include "aws/endpoints.h"
#include "aws/oidc.h"
#include "aws/profile.h"
#include "aws/sts.h"
#include "base/random.h"
#include "base/vec.h"

/*
 * Owned by aws_new() and aws_free().  Strings live in the arena; so do providers, whose secrets are
 * wiped with the session.
 */
struct aws {
	struct http *http;
	const struct clock *clock;
	struct env *env;
	struct random random;
	struct arena arena;

	struct str region;
	struct str profile;
	bool profile_chosen; /* on the command line: then keys of the environment do not count */
	bool fips, dual_stack, sts_global;
	struct str bedrock_url, sts_url; /* custom endpoints; or empty */
	int attempts_max;                /* AWS_MAX_ATTEMPTS; 0: not set */

	struct strings allowed_accounts;
	const struct secret *bearer; /* AWS_BEARER_TOKEN_BEDROCK, when it is what counts */
	struct provider *provider;   /* NULL with a bearer token, and when none was found */
	struct str source;           /* in words */
	struct str role;             /* the last role assumed, for messages */
	bool local;
	bool models_have_keys;
	struct error missing; /* why there are none, as far as that is no error yet */

	struct {
		VEC_FIELDS(struct provider *);
	} providers;
};

/* A provider over `source`, released with the session. */
struct provider *aws_provider_new(struct aws *aws, const struct credential_source *source);

/* The input, else the one that GitHub's own action uses in that partition; borrowed. */
struct str aws_audience(const struct aws_options *options, struct str region);

/* What a person does who has no credentials here. */
const char *aws_how_to_sign_in(const struct aws *aws);

/* STS as the session's options reach it. */
bool aws_sts_init(struct aws *aws, struct sts *sts, struct error *err) MUST_USE;

/*
 * Where credentials come from when no role was asked for by input (chain.c): the SDKs' chain.  Sets
 * bearer or provider, and source.  What it needs of the profiles is copied.
 */
bool aws_chain_find(struct aws *aws, const struct profiles *profiles, struct error *err) MUST_USE;

#endif
