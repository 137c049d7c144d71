/* A session with AWS: who we are there, and what a call needs to know of it. */
#include "credentials/session.h"

#include <stdlib.h>

struct provider *aws_session_provider(struct aws_session *aws,
				      const struct credential_source *source)
{
	struct provider *provider = ARENA_NEW(&aws->arena, struct provider);

	provider_init(provider, source, aws->clock);
	VEC_PUSH(&aws->providers, provider);
	return provider;
}

const char *aws_session_sign_in_hint(const struct aws_session *aws)
{
	return aws->local
		       ? "set AWS_PROFILE (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or sign in with `aws sso login`"
		       : "give a role (input \"role-to-assume\" with \"permissions: id-token: write\")";
}

bool aws_session_sts(struct aws_session *aws, struct sts *sts, struct error *err)
{
	struct endpoint_options options = {
		.region = aws->region,
		.custom_url = aws->sts_url,
		.fips = aws->fips,
		.dual_stack = aws->dual_stack,
		.sts_global = aws->sts_global,
	};

	*sts = (struct sts){.http = aws->http,
			    .clock = aws->clock,
			    .random = &aws->random,
			    .attempts_max = aws->attempts_max};
	return endpoint_resolve(&aws->arena, AWS_STS, &options, &sts->endpoint, err);
}

struct str aws_session_audience(const struct aws_options *options, struct str region)
{
	if (options->audience.len)
		return options->audience;
	return str_eq(partition_of(region)->id, STR("aws-cn")) ? STR("sts.amazonaws.com.cn")
							       : STR("sts.amazonaws.com");
}

void aws_session_free(struct aws_session *aws)
{
	if (!aws)
		return;
	for (size_t i = 0; i < aws->providers.len; i++)
		provider_release(aws->providers.items[i]);
	VEC_RELEASE(&aws->providers);
	arena_release(&aws->arena);
	free(aws);
}

struct str aws_session_region(const struct aws_session *aws)
{
	return aws->region;
}

struct str aws_session_source(const struct aws_session *aws)
{
	return aws->source;
}
