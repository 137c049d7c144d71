/* The door to AWS: who we are there, and models on Bedrock as the engine knows them. */
#ifndef AWS_AWS_H
#define AWS_AWS_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/common.h"
#include "base/env.h"
#include "base/error.h"
#include "http/http.h"
#include "model/model.h"
#include "value/fields.h"

/*
 * What a person chose; empty strings, empty lists and 0 mean "not given".  The names in the comments are
 * the action's inputs.  Everything is borrowed until aws_new() returns.
 */
struct aws_options {
	struct str region; /* aws-region; else AWS_REGION, AWS_DEFAULT_REGION, the profile */
	struct str
		profile; /* --profile, which goes before keys of the environment; else AWS_PROFILE */
	struct strings roles;            /* role-to-assume: a chain, in order */
	struct str session_name;         /* role-session-name */
	int64_t duration_seconds;        /* role-duration-seconds */
	struct str audience;             /* audience */
	struct str session_policy;       /* inline-session-policy; "none" sends none */
	struct strings managed_policies; /* managed-session-policies */
	struct strings allowed_accounts; /* allowed-account-ids */
	bool local;                      /* a person's own machine: credential_process may run */
	bool models_have_keys; /* some models bring keys: to find no others is no error yet */
};

/*
 * Checks every option without a call: ERROR_USAGE says which input is wrong and what it takes.
 */
bool aws_options_check(const struct aws_options *options, struct error *err) MUST_USE;

struct aws;

/*
 * Finds out where credentials are to come from, without asking for them.  `http`, `clock` and `env` are
 * borrowed for the life of the session; secrets are taken out of `env`.  ERROR_USAGE for wrong options
 * or a wrong profile, ERROR_CREDENTIALS when there is no place to get any from, with all that was tried
 * (with `models_have_keys` aws_model_init() gives that error, for a model without keys).
 *
 * Life cycle: aws_new() -> aws_sign_in() -> aws_model_init()... -> aws_free().
 */
struct aws *aws_new(struct http *http, const struct clock *clock, struct env *env,
		    const struct aws_options *options, struct error *err) MUST_USE;
void aws_free(struct aws *aws);
DEFINE_OWNED(aws);

/*
 * Gets credentials now, so that a wrong role is known before anything else is done, and compares the
 * account with allowed-account-ids (which alone needs a call of its own).  Waits.
 */
bool aws_sign_in(struct aws *aws, struct error *err) MUST_USE;

/* The region in use, or empty; and where the credentials come from, in words for a person. */
struct str aws_region(const struct aws *aws);
struct str aws_source(const struct aws *aws);

/*
 * True when a job can ask GitHub for a token: pull requests of forks cannot.  Takes the request token out
 * of the environment.
 */
bool aws_oidc_available(struct env *env);

enum bedrock_api { BEDROCK_CONVERSE, BEDROCK_MESSAGES };

/* What a models table says of one model, besides what `struct model` holds. */
struct bedrock_settings {
	struct str region; /* empty: the session's */
	enum bedrock_api api;
	struct str guardrail_id, guardrail_version;
	const struct value *request_fields; /* additionalModelRequestFields */
	struct str anthropic_version;       /* Messages; empty: bedrock-2023-05-31 */
	/* Keys of the model's own, which go before those of the session; NULL or unset: none. */
	const struct secret *access_key_id, *secret_access_key, *session_token;
};

/*
 * Makes `model` one that Bedrock answers: sets its region, ops and ctx.  All else of it is set before.
 * What the ctx needs is copied; it lives as long as the session.  ERROR_USAGE without a region.
 */
bool aws_model_init(struct aws *aws, struct model *model, const struct bedrock_settings *settings,
		    struct error *err) MUST_USE;

#endif
