/* Where credentials come from when no role was asked for: the SDKs' chain. */
#ifndef CREDENTIALS_CHAIN_H
#define CREDENTIALS_CHAIN_H

#include "credentials/profile.h"
#include "credentials/session.h"

/*
 * Looks at each place in order.  Sets bearer or provider, and source.  What it needs of the profiles is
 * copied.
 */
bool chain_find(struct aws_session *session, const struct profiles *profiles,
		struct error *err) MUST_USE;

#endif
