/* GitHub's OIDC token for a job, and its claims. */
#ifndef CREDENTIALS_OIDC_H
#define CREDENTIALS_OIDC_H

#include "base/arena.h"
#include "base/common.h"
#include "base/env.h"
#include "base/error.h"
#include "http/http.h"

/* The claims that a role's trust policy is compared with.  They can be shown. */
struct oidc_claims {
	struct str sub, aud, iss;
	struct str repository_id; /* or empty: not GitHub's token */
};

/* The longest WebIdentityToken that AssumeRoleWithWebIdentity takes, in bytes (AWS STS API Reference). */
enum { IDENTITY_TOKEN_SIZE_MAX = 20000 };

/* What is needed to request a token. */
struct oidc {
	struct http *http;
	struct str request_url;             /* ACTIONS_ID_TOKEN_REQUEST_URL */
	const struct secret *request_token; /* ACTIONS_ID_TOKEN_REQUEST_TOKEN */
	struct str audience;
};

/* True when the job may ask for tokens (both variables are set): `permissions: id-token: write`. */
bool oidc_available(struct env *env);

/*
 * Reads the two variables, and takes the token out of the environment.  ERROR_CREDENTIALS, with the
 * permission to add, when they are not set.
 */
bool oidc_init(struct oidc *oidc, struct http *http, struct env *env, struct str audience,
	       struct error *err) MUST_USE;

/*
 * Gets a fresh token (it lives for five minutes) and masks it.  Errors as http_send(), ERROR_DENIED and
 * the like by status, ERROR_PROTOCOL for an answer without a token.  Waits.
 */
bool oidc_fetch(const struct oidc *oidc, struct secret *token, struct error *err) MUST_USE;

/* The token's claims; empty strings when it is not a JWT.  It is not verified. */
struct oidc_claims oidc_read_claims(struct arena *arena, struct str token);

#endif
