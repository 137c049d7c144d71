/* The default credential provider chain of the AWS SDKs, used without a role to assume. */
#ifndef CREDENTIALS_CHAIN_H
#define CREDENTIALS_CHAIN_H

#include "credentials/profile.h"
#include "credentials/session.h"

/*
 * Tries each source in order.  Sets bearer or provider, and source.  Copies what it needs from the profiles.
 */
bool chain_find(struct aws_session *session, const struct profiles *profiles,
		struct error *err) MUST_USE;

#endif
