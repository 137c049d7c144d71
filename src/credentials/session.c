/* A session with AWS: its identity, and what calls need from it. */
#include "credentials/session.h"

#include <stdlib.h>

struct provider *aws_session_provider(struct aws_session *session,
				      const struct credential_source *source)
{
	struct provider *provider = ARENA_NEW(&session->arena, struct provider);

	provider_init(provider, source, session->clock);
	VEC_PUSH(&session->providers, provider);
	return provider;
}

const char *aws_session_sign_in_hint(const struct aws_session *session)
{
	return session->local
		       ? "set AWS_PROFILE (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or sign in with `aws sso login`"
		       : "give a role (input \"role-to-assume\" with \"permissions: id-token: write\")";
}

bool aws_session_sts(struct aws_session *session, struct sts *sts, struct error *err)
{
	struct endpoint_options options = {
		.region = session->region,
		.custom_url = session->sts_url,
		.fips = session->fips,
		.dual_stack = session->dual_stack,
		.sts_global = session->sts_global,
	};

	*sts = (struct sts){.http = session->http,
			    .clock = session->clock,
			    .random = &session->random,
			    .attempts_max = session->attempts_max};
	return endpoint_resolve(&session->arena, AWS_STS, &options, &sts->endpoint, err);
}

struct str aws_session_audience(const struct aws_options *options, struct str region)
{
	if (options->audience.len)
		return options->audience;
	return str_eq(partition_of(region)->id, STR("aws-cn")) ? STR("sts.amazonaws.com.cn")
							       : STR("sts.amazonaws.com");
}

void aws_session_free(struct aws_session *session)
{
	if (!session)
		return;
	for (size_t i = 0; i < session->providers.len; i++)
		provider_release(session->providers.items[i]);
	VEC_RELEASE(&session->providers);
	arena_release(&session->arena);
	free(session);
}

struct str aws_session_region(const struct aws_session *session)
{
	return session->region;
}

struct str aws_session_source(const struct aws_session *session)
{
	return session->source;
}
