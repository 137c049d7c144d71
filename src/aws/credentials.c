/* AWS credentials, which sign a call. */
#include "aws/credentials.h"

#include "base/log.h"

void credentials_release(struct credentials *credentials)
{
	if (!credentials)
		return;
	secret_release(&credentials->access_key_id);
	secret_release(&credentials->secret_access_key);
	secret_release(&credentials->session_token);
	credentials->expires_ms = 0;
}

void credentials_move(struct credentials *to, struct credentials *from)
{
	credentials_release(to);
	*to = *from;
	*from = (struct credentials){0};
}

void credentials_copy(struct credentials *to, const struct credentials *from)
{
	secret_set(&to->access_key_id, secret_str(&from->access_key_id));
	secret_set(&to->secret_access_key, secret_str(&from->secret_access_key));
	secret_set(&to->session_token, secret_str(&from->session_token));
	to->expires_ms = from->expires_ms;
}

void credentials_set(struct credentials *credentials, struct str access_key_id,
		     struct str secret_access_key, struct str session_token, int64_t expires_ms)
{
	secret_set(&credentials->access_key_id, access_key_id);
	secret_set(&credentials->secret_access_key, secret_access_key);
	secret_set(&credentials->session_token, session_token);
	credentials->expires_ms = expires_ms;
	log_mask(&credentials->access_key_id);
	log_mask(&credentials->secret_access_key);
	if (secret_is_set(&credentials->session_token))
		log_mask(&credentials->session_token);
}
