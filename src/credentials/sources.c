/* Sources of credentials: fixed keys, roles, and roles for tokens. */
#include "credentials/sources.h"

#include <string.h>

#include "base/file.h"
#include "base/log.h"

static bool fetch_keys(void *ctx, struct credentials *credentials, struct error *err)
{
	(void)err;
	credentials_copy(credentials, ctx);
	return true;
}

struct credential_source source_keys(struct aws_session *session, const char *name,
				     struct str access_key_id, struct str secret_access_key,
				     struct str session_token)
{
	struct credential_source source = {.name = name, .fetch = fetch_keys};
	struct provider *keeper;

	/* A provider's own credentials are wiped with the session: a place for keys. */
	keeper = aws_session_provider(session, &source);
	credentials_set(&keeper->current, access_key_id, secret_access_key, session_token, 0);
	source.ctx = &keeper->current;
	return source;
}

struct role_source {
	struct provider *base; /* NULL: with tokens */
	struct token_source tokens;
	struct sts sts;
	struct role_request role;
};

static bool fetch_role(void *ctx, struct credentials *credentials, struct error *err)
{
	struct role_source *source = ctx;
	const struct credentials *with;

	if (!source->base)
		return sts_assume_with_token(&source->sts, &source->tokens, &source->role,
					     credentials, err);
	if (!provider_get(source->base, &with, err))
		return false;
	return sts_assume(&source->sts, with, &source->role, credentials, err);
}

struct credential_source source_role(struct aws_session *session, struct provider *base,
				     const struct sts *sts, const struct role_request *role)
{
	struct role_source *source = ARENA_NEW(&session->arena, struct role_source);

	*source = (struct role_source){.base = base, .sts = *sts, .role = *role};
	return (struct credential_source){.name = "AssumeRole", .fetch = fetch_role, .ctx = source};
}

struct credential_source source_token_role(struct aws_session *session, const char *name,
					   const struct token_source *tokens, const struct sts *sts,
					   const struct role_request *role)
{
	struct role_source *source = ARENA_NEW(&session->arena, struct role_source);

	*source = (struct role_source){.tokens = *tokens, .sts = *sts, .role = *role};
	return (struct credential_source){.name = name, .fetch = fetch_role, .ctx = source};
}

static bool fetch_oidc(void *ctx, struct secret *token, struct error *err)
{
	return oidc_fetch(ctx, token, err);
}

struct token_source token_source_oidc(struct aws_session *session, const struct oidc *oidc)
{
	struct oidc *copy = ARENA_NEW(&session->arena, struct oidc);

	*copy = *oidc;
	return (struct token_source){.fetch = fetch_oidc, .ctx = copy};
}

static bool fetch_file(void *ctx, struct secret *token, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (!file_read(ctx, IDENTITY_TOKEN_SIZE_MAX, &text, err)) {
		err->kind = ERROR_CREDENTIALS;
		return error_wrap(
			err,
			"web identity token (AWS_WEB_IDENTITY_TOKEN_FILE, or web_identity_token_file of the profile; a container sees only files that are mounted into it: mount it, or use \"role-to-assume\" instead)");
	}
	secret_set(token, str_trim(buf_str(&text)));
	secret_wipe(text.ptr, text.len);
	if (!secret_is_set(token))
		return error_set(err, ERROR_CREDENTIALS, "web identity token: \"%s\" is empty",
				 (const char *)ctx);
	log_mask(token);
	return true;
}

struct token_source token_source_file(struct aws_session *session, struct str path)
{
	return (struct token_source){.fetch = fetch_file, .ctx = arena_text(&session->arena, path)};
}
