/* Opens a session with AWS: options and environment read, roles chained, signing in. */
#include "credentials/sign_in.h"

#include "base/log.h"
#include "base/memory.h"
#include "credentials/chain.h"
#include "credentials/oidc.h"
#include "credentials/profile.h"
#include "credentials/sources.h"

enum { DURATION_DEFAULT = 3600, ATTEMPTS_MAX = 100, SESSION_NAME_MAX = 64 };

/* All that outcrop calls: a stolen session can do no more. */
static const char session_policy[] =
	"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"bedrock:ApplyGuardrail\",\"bedrock:CountTokens\",\"bedrock:InvokeModel\",\"bedrock:InvokeModelWithResponseStream\"],\"Resource\":\"*\"}]}";

/* ---- Options and environment ---- */

/* Whatever is used of them: none stays where another process could read it, none gets into a log. */
static void take_secrets(struct env *env)
{
	static const char *const names[] = {
		"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "AWS_ACCESS_KEY_ID",
		"AWS_BEARER_TOKEN_BEDROCK",       "AWS_CONTAINER_AUTHORIZATION_TOKEN",
		"AWS_SECRET_ACCESS_KEY",          "AWS_SESSION_TOKEN",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct secret *secret = env_take_secret(env, names[i]);

		if (secret)
			log_mask(secret);
	}
}

static bool env_true(const struct env *env, const char *name)
{
	return str_eq_nocase(str_trim(env_get(env, name)), STR("true"));
}

static struct str copy(struct aws_session *aws, struct str text)
{
	return arena_str(&aws->arena, str_trim(text));
}

static struct strings copy_list(struct aws_session *aws, const struct strings *list)
{
	struct strings copied = {.len = list->len};

	copied.items = ARENA_ARRAY(&aws->arena, struct str, list->len);
	for (size_t i = 0; i < list->len; i++)
		copied.items[i] = arena_str(&aws->arena, list->items[i]);
	return copied;
}

static struct str first_set(struct str first, const struct env *env, const char *const *names)
{
	for (; first.len == 0 && *names; names++)
		first = str_trim(env_get(env, *names));
	return first;
}

static void read_environment(struct aws_session *aws, const struct aws_options *options)
{
	static const char *const regions[] = {"AWS_REGION", "AWS_DEFAULT_REGION", NULL};
	static const char *const profiles[] = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", NULL};
	static const char *const bedrock_urls[] = {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
						   "AWS_ENDPOINT_URL", NULL};
	static const char *const sts_urls[] = {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", NULL};
	const struct env *env = aws->env;
	int64_t attempts;

	aws->region = copy(aws, first_set(options->region, env, regions));
	aws->profile_chosen = options->profile.len > 0;
	aws->profile = copy(aws, first_set(options->profile, env, profiles));
	aws->fips = env_true(env, "AWS_USE_FIPS_ENDPOINT");
	aws->dual_stack = env_true(env, "AWS_USE_DUALSTACK_ENDPOINT");
	aws->sts_global = str_eq_nocase(env_get(env, "AWS_STS_REGIONAL_ENDPOINTS"), STR("legacy"));
	if (!env_true(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) {
		aws->bedrock_url = copy(aws, first_set(STR_EMPTY, env, bedrock_urls));
		aws->sts_url = copy(aws, first_set(STR_EMPTY, env, sts_urls));
	}
	if (str_to_int64(str_trim(env_get(env, "AWS_MAX_ATTEMPTS")), &attempts) && attempts > 0)
		aws->attempts_max = (int)MIN_OF(attempts, ATTEMPTS_MAX);
	aws->allowed_accounts = copy_list(aws, &options->allowed_accounts);
	aws->local = options->local;
}

/* ---- Roles ---- */

static struct str session_name(struct aws_session *aws, const struct aws_options *options)
{
	struct str run = env_get(aws->env, "GITHUB_RUN_ID");
	struct str name = options->session_name;

	if (name.len)
		return copy(aws, name);
	if (run.len == 0)
		return STR("outcrop");
	name = arena_printf(&aws->arena, "outcrop-%.*s", STR_ARG(run));
	return str_slice(name, 0, SESSION_NAME_MAX);
}

/* Policies go with the last role: one before it must still assume the next. */
static struct role_request role_request(struct aws_session *aws, const struct aws_options *options,
					size_t idx)
{
	int64_t duration = options->duration_seconds ? options->duration_seconds : DURATION_DEFAULT;
	struct role_request role = {
		.role_arn = copy(aws, options->roles.items[idx]),
		.session_name = session_name(aws, options),
		.duration_seconds = duration,
	};

	if (idx + 1 < options->roles.len)
		return role;
	role.policy_arns = copy_list(aws, &options->managed_policies);
	if (options->session_policy.len == 0)
		role.policy = str_from(session_policy);
	else if (!str_eq(options->session_policy, STR("none")))
		role.policy = copy(aws, options->session_policy);
	return role;
}

/* A runner of one's own may have credentials that can take the first role. */
static bool has_other_place(struct env *env)
{
	static const char *const names[] = {
		"AWS_CONTAINER_CREDENTIALS_FULL_URI",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
		"AWS_PROFILE",
		"AWS_WEB_IDENTITY_TOKEN_FILE",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (env_has(env, names[i]))
			return true;
	}
	return env_take_secret(env, "AWS_ACCESS_KEY_ID") != NULL;
}

/* The first role is given for GitHub's token; without one, with whatever the chain finds. */
static bool chain_roles(struct aws_session *aws, const struct aws_options *options,
			const struct profiles *profiles, struct error *err)
{
	size_t done = 0;
	struct sts sts;

	if (!aws_session_sts(aws, &sts, err))
		return false;
	if (oidc_available(aws->env) || (!aws->local && !has_other_place(aws->env))) {
		struct role_request role = role_request(aws, options, 0);
		struct token_source tokens;
		struct credential_source source;
		struct oidc oidc;

		if (!oidc_init(&oidc, aws->http, aws->env,
			       copy(aws, aws_session_audience(options, aws->region)), err))
			return error_wrap(err, "role %.*s", STR_ARG(role.role_arn));
		tokens = token_source_oidc(aws, &oidc);
		source = source_token_role(aws, "GitHub's identity token", &tokens, &sts, &role);
		aws->provider = aws_session_provider(aws, &source);
		done = 1;
	} else if (!chain_find(aws, profiles, err)) {
		return false;
	}
	if (!aws->provider)
		return error_set(
			err, ERROR_CREDENTIALS,
			"a role cannot be assumed with AWS_BEARER_TOKEN_BEDROCK: unset it, or leave out the role");
	for (; done < options->roles.len; done++) {
		struct role_request role = role_request(aws, options, done);
		struct credential_source source = source_role(aws, aws->provider, &sts, &role);

		aws->provider = aws_session_provider(aws, &source);
	}
	aws->role = copy(aws, options->roles.items[options->roles.len - 1]);
	aws->source = arena_printf(&aws->arena, "role %.*s", STR_ARG(aws->role));
	return true;
}

/* What the environment does not say is taken from the profile. */
static void read_profile(struct aws_session *aws, const struct profiles *profiles)
{
	struct str profile = aws->profile.len ? aws->profile : STR("default");
	struct str services = profile_get(profiles, profile, "services");
	struct str url = profile_get(profiles, profile, "endpoint_url");

	if (aws->region.len == 0)
		aws->region = copy(aws, profile_get(profiles, profile, "region"));
	if (!env_has(aws->env, "AWS_USE_FIPS_ENDPOINT"))
		aws->fips = str_eq_nocase(profile_get(profiles, profile, "use_fips_endpoint"),
					  STR("true"));
	if (!env_has(aws->env, "AWS_USE_DUALSTACK_ENDPOINT"))
		aws->dual_stack = str_eq_nocase(
			profile_get(profiles, profile, "use_dualstack_endpoint"), STR("true"));
	if (env_true(aws->env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))
		return;
	if (aws->bedrock_url.len == 0)
		aws->bedrock_url = copy(aws, profiles_section_get(profiles, "services", services,
								  "bedrock_runtime.endpoint_url"));
	if (aws->bedrock_url.len == 0)
		aws->bedrock_url = copy(aws, url);
	if (aws->sts_url.len == 0)
		aws->sts_url = copy(aws, profiles_section_get(profiles, "services", services,
							      "sts.endpoint_url"));
	if (aws->sts_url.len == 0)
		aws->sts_url = copy(aws, url);
}

/* The files may hold keys: what was read of them goes when this returns. */
static bool find_source(struct aws_session *aws, const struct aws_options *options,
			struct error *err)
{
	SCOPED(arena) struct arena files = ARENA_INIT;
	struct profiles profiles = {0};

	if (!profiles_read(&files, aws->env, &profiles, err))
		return false;
	read_profile(aws, &profiles);
	return options->roles.len ? chain_roles(aws, options, &profiles, err)
				  : chain_find(aws, &profiles, err);
}

struct aws_session *aws_session_new(struct http *http, const struct clock *clock, struct env *env,
				    const struct aws_options *options, struct error *err)
{
	OWNED(aws_session) struct aws_session *aws = NULL;

	if (!aws_options_check(options, err))
		return NULL;
	aws = NEW(struct aws_session);
	*aws = (struct aws_session){.http = http, .clock = clock, .env = env};
	aws->models_have_keys = options->models_have_keys && !options->roles.len;
	read_environment(aws, options);
	take_secrets(env);
	if (!find_source(aws, options, err))
		return NULL;
	return steal(&aws);
}

/* ---- Signing in ---- */

static bool check_account(struct aws_session *aws, const struct credentials *credentials,
			  struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct identity identity;
	struct sts sts;

	if (!aws_session_sts(aws, &sts, err) ||
	    !sts_identity(&sts, credentials, &arena, &identity, err))
		return false;
	for (size_t i = 0; i < aws->allowed_accounts.len; i++) {
		if (str_eq(aws->allowed_accounts.items[i], identity.account))
			return true;
	}
	return error_set(
		err, ERROR_CREDENTIALS,
		"the credentials (%.*s) belong to account %.*s, which \"allowed-account-ids\" does not list",
		STR_ARG(aws->source), STR_ARG(identity.account));
}

/* A place was found that gives nothing, but some models bring keys: as if none had been found. */
static bool do_without(struct aws_session *aws, const struct error *why)
{
	if (!aws->models_have_keys || aws->allowed_accounts.len || why->kind != ERROR_CREDENTIALS)
		return false;
	log_info("aws", "no credentials but those of the table of models: %s", why->message);
	aws->missing = *why;
	aws->provider = NULL;
	aws->source = STR("the table of models");
	return true;
}

bool aws_session_sign_in(struct aws_session *aws, struct error *err)
{
	const struct credentials *credentials;
	struct error failed = {0};

	if (!aws->bearer && !aws->provider) {
		*err = aws->missing;
		return aws->allowed_accounts.len == 0;
	}
	if (aws->bearer) {
		if (aws->allowed_accounts.len)
			return error_set(
				err, ERROR_CREDENTIALS,
				"\"allowed-account-ids\" cannot be checked with AWS_BEARER_TOKEN_BEDROCK: use a role or keys, or leave it empty");
		return true;
	}
	if (!provider_get(aws->provider, &credentials, &failed)) {
		/* Whatever the reason is: without credentials nothing can be called. */
		if (!group_is_cancelled(task_group()))
			failed.kind = ERROR_CREDENTIALS;
		if (do_without(aws, &failed))
			return true;
		*err = failed;
		return false;
	}
	return aws->allowed_accounts.len == 0 || check_account(aws, credentials, err);
}
