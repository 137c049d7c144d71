/* The places that credentials come from, one constructor each. */
#ifndef AWS_SOURCES_H
#define AWS_SOURCES_H

#include "aws/session.h"

/* All allocate their context in the session's arena and do not wait. */

/* Fixed keys, copied. */
struct credential_source source_keys(struct aws *aws, const char *name, struct str access_key_id,
				     struct str secret_access_key, struct str session_token);

/* A role, assumed with the credentials of another provider. */
struct credential_source source_role(struct aws *aws, struct provider *base, const struct sts *sts,
				     const struct role_request *role);

/* A role, assumed with a token. */
struct credential_source source_token_role(struct aws *aws, const char *name,
					   const struct token_source *tokens, const struct sts *sts,
					   const struct role_request *role);

/* GitHub's token, afresh for each attempt. */
struct token_source token_source_oidc(struct aws *aws, const struct oidc *oidc);

/* A file that something else renews (Kubernetes): read afresh for each attempt. */
struct token_source token_source_file(struct aws *aws, struct str path);

#endif
