/* Where credentials come from when no role was asked for: the SDKs' chain, in their order. */
#include "aws/sources.h"

#include "base/log.h"

/* One link: says in `source` where it found something. False with an error only when what it found is wrong. */
struct link {
	const char *tried; /* how it is called in the list of what was tried */
	bool (*find)(struct aws *aws, bool *found, struct error *err);
};

static bool find_bearer(struct aws *aws, bool *found, struct error *err)
{
	(void)err;
	aws->bearer = env_take_secret(aws->env, "AWS_BEARER_TOKEN_BEDROCK");
	if (!aws->bearer)
		return true;
	log_mask(aws->bearer);
	aws->source = STR("AWS_BEARER_TOKEN_BEDROCK");
	*found = true;
	return true;
}

static bool find_environment(struct aws *aws, bool *found, struct error *err)
{
	const struct secret *id = env_take_secret(aws->env, "AWS_ACCESS_KEY_ID");
	const struct secret *key = env_take_secret(aws->env, "AWS_SECRET_ACCESS_KEY");
	const struct secret *token = env_take_secret(aws->env, "AWS_SESSION_TOKEN");
	struct credential_source source;

	if (!id && !key)
		return true;
	if (!id || !key)
		return error_set(err, ERROR_CREDENTIALS,
				 "%s is set without %s: set both, or neither",
				 id ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
				 id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
	source = source_keys(aws, "environment", secret_str(id), secret_str(key),
			     token ? secret_str(token) : STR_EMPTY);
	aws->provider = aws_provider_new(aws, &source);
	aws->source = STR("environment (AWS_ACCESS_KEY_ID)");
	*found = true;
	return true;
}

static const struct link links[] = {
	{"AWS_BEARER_TOKEN_BEDROCK", find_bearer},
	{"AWS_ACCESS_KEY_ID", find_environment},
};

bool aws_chain_find(struct aws *aws, struct error *err)
{
	SCOPED(buf) struct buf tried = BUF_INIT;

	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		bool found = false;

		if (!links[i].find(aws, &found, err))
			return false;
		if (found) {
			log_debug("aws", "credentials: %.*s", STR_ARG(aws->source));
			return true;
		}
		buf_addf(&tried, "%s%s", i ? ", " : "", links[i].tried);
	}
	return error_set(
		err, ERROR_CREDENTIALS,
		"no AWS credentials: tried %.*s; give a role (input \"role-to-assume\" with "
		"\"permissions: id-token: write\"), or sign in",
		STR_ARG(buf_str(&tried)));
}
