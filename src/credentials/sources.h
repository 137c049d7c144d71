/* The sources of credentials, each with a constructor. */
#ifndef CREDENTIALS_SOURCES_H
#define CREDENTIALS_SOURCES_H

#include "credentials/oidc.h"
#include "credentials/profile.h"
#include "credentials/session.h"

/* Between two attempts of a metadata service or of IAM Identity Center. */
enum { SOURCE_RETRY_WAIT_MS = 1000 };

/* All allocate their context in the session's arena and do not wait. */

/* Fixed keys, copied. */
struct credential_source source_keys(struct aws_session *session, const char *name,
				     struct str access_key_id, struct str secret_access_key,
				     struct str session_token);

/* A role, assumed with the credentials of another provider. */
struct credential_source source_role(struct aws_session *session, struct provider *base,
				     const struct sts *sts, const struct role_request *role);

/* A role, assumed with a token. */
struct credential_source source_token_role(struct aws_session *session, const char *name,
					   const struct token_source *tokens, const struct sts *sts,
					   const struct role_request *role);

/* GitHub's token, a new one for each attempt. */
struct token_source token_source_oidc(struct aws_session *session, const struct oidc *oidc);

/* A file that another program renews (Kubernetes): read again for each attempt. */
struct token_source token_source_file(struct aws_session *session, struct str path);

/*
 * Each of the others sets *found when it is configured, and then `source`.  False only when its configuration is
 * wrong, with what to fix.
 */
bool source_sso_find(struct aws_session *session, const struct profiles *profiles,
		     struct str profile, bool *found, struct credential_source *source,
		     struct error *err) MUST_USE;
bool source_process_find(struct aws_session *session, const struct profiles *profiles,
			 struct str profile, bool *found, struct credential_source *source,
			 struct error *err) MUST_USE;
bool source_container_find(struct aws_session *session, bool *found,
			   struct credential_source *source, struct error *err) MUST_USE;

/* Only a request shows whether this is an instance; its error lists `tried`. */
bool source_instance_find(struct aws_session *session, struct str tried, bool *found,
			  struct credential_source *source) MUST_USE;

/* The words of a command, as a shell would split them; `words` has room for words_max + 1. */
bool process_split(struct arena *arena, struct str command, char **words, size_t words_max,
		   struct error *err) MUST_USE;

#endif
