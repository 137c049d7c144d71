/* Opens a session with AWS and signs in. */
#ifndef CREDENTIALS_SIGN_IN_H
#define CREDENTIALS_SIGN_IN_H

#include "credentials/session.h"

/*
 * Chooses the source of credentials, without a call.  `http`, `clock` and `env` are
 * borrowed for the life of the session; secrets are taken out of `env`.  ERROR_USAGE for wrong options
 * or a wrong profile, ERROR_CREDENTIALS when no source is found, with everything that was tried
 * (with `models_have_keys` bedrock_model_init() gives that error, for a model without keys).
 *
 * Life cycle: aws_session_new() -> aws_session_sign_in() -> bedrock_model_init()... -> aws_session_free().
 */
struct aws_session *aws_session_new(struct http *http, const struct clock *clock, struct env *env,
				    const struct aws_options *options, struct error *err) MUST_USE;

/*
 * Gets credentials now, so that a wrong role is known before anything else is done, and compares the
 * account with allowed-account-ids (which needs another call).  Waits.
 */
bool aws_session_sign_in(struct aws_session *session, struct error *err) MUST_USE;

/*
 * Whether the environment gives credentials, or says where they are, besides GitHub's identity token:
 * keys, a bearer token, a profile, a web identity, a container's.
 */
bool aws_credentials_given(struct env *env);

#endif
