/* Keys as JSON, in the forms in which processes, containers, instances and SSO give them. */
#ifndef CREDENTIALS_KEYS_H
#define CREDENTIALS_KEYS_H

#include "aws/credentials.h"
#include "base/error.h"

/* The names of the members in one form. */
struct keys_form {
	const char *wrapper; /* the member that holds the others; or NULL */
	const char *id, *key, *token, *expires;
	bool expires_in_ms; /* a number of milliseconds; else an ISO 8601 time */
};

extern const struct keys_form keys_form_process;  /* credential_process */
extern const struct keys_form keys_form_metadata; /* containers and instances */
extern const struct keys_form keys_form_sso;

/*
 * ERROR_CREDENTIALS naming `what` and the member that is missing or wrong, or with the error that the text
 * reports.
 */
bool keys_read(struct str json, const struct keys_form *form, const char *what,
	       struct credentials *credentials, struct error *err) MUST_USE;

#endif
