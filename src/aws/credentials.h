/* AWS credentials: what a call is signed with. */
#ifndef AWS_CREDENTIALS_H
#define AWS_CREDENTIALS_H

#include "base/common.h"
#include "base/secret.h"
#include "base/str.h"

/* Owns its secrets.  Zeroed it is "none". */
struct credentials {
	struct secret access_key_id;
	struct secret secret_access_key;
	struct secret session_token; /* unset for long-lived keys */
	int64_t expires_ms;          /* wall time; 0: never */
};

void credentials_release(struct credentials *credentials);

/* Moves the keys from `from`, which is then empty, to `to`, whose old keys are wiped. */
void credentials_move(struct credentials *to, struct credentials *from);

void credentials_copy(struct credentials *to, const struct credentials *from);

/* Sets all three and masks the secret parts in the log; an empty token is "none". */
void credentials_set(struct credentials *credentials, struct str access_key_id,
		     struct str secret_access_key, struct str session_token, int64_t expires_ms);

#endif
