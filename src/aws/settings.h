/* The user's settings for AWS, checked before any call. */
#ifndef AWS_SETTINGS_H
#define AWS_SETTINGS_H

#include "base/common.h"
#include "base/env.h"
#include "base/error.h"
#include "base/str.h"
#include "value/strings.h"

/*
 * The user's settings; empty strings, empty lists and 0 mean "not given".  The names in the comments are
 * the action's inputs.  Everything is borrowed until aws_session_new() returns.
 */
struct aws_options {
	struct str region; /* aws-region; else AWS_REGION, AWS_DEFAULT_REGION, the profile */
	struct str
		profile; /* --profile, takes precedence over keys in the environment; else AWS_PROFILE */
	struct strings roles;            /* role-to-assume: a chain, in order */
	struct str session_name;         /* role-session-name */
	int64_t duration_seconds;        /* role-duration-seconds */
	struct str audience;             /* audience */
	struct str session_policy;       /* inline-session-policy; "none" sends none */
	struct strings managed_policies; /* managed-session-policies */
	struct strings allowed_accounts; /* allowed-account-ids */
	bool local;                      /* not on a runner: credential_process may run */
	bool looks_at_models; /* the session also asks about models (GetFoundationModel) */
	bool models_have_keys; /* some models have keys of their own: missing credentials are not an error yet */
};

enum { AWS_SESSION_NAME_MAX = 64 }; /* characters of RoleSessionName */

/*
 * Checks every option without a call: ERROR_USAGE says which input is wrong and what it takes.
 */
bool aws_options_check(const struct aws_options *options, struct error *err) MUST_USE;

/* AWS_MAX_ATTEMPTS, or 0 when it is not set.  ERROR_USAGE for anything but 1 to 100. */
bool aws_attempts_read(const struct env *env, int *attempts_max, struct error *err) MUST_USE;

#endif
