/* Opens a session with AWS: reads options and environment, assumes roles, signs in. */
#include "credentials/sign_in.h"

#include "base/log.h"
#include "base/memory.h"
#include "credentials/chain.h"
#include "credentials/oidc.h"
#include "credentials/profile.h"
#include "credentials/sources.h"

enum { DURATION_DEFAULT = 3600 };

/* clang-format off */
#define SESSION_POLICY(more) \
	"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[" \
	"\"bedrock:ApplyGuardrail\",\"bedrock:CountTokens\"," more \
	"\"bedrock:InvokeModel\",\"bedrock:InvokeModelWithResponseStream\"],\"Resource\":\"*\"}]}"
/* clang-format on */

/* All actions that outcrop calls, so that a stolen session can do no more. Doctor also reads the models. */
static const char session_policy[] = SESSION_POLICY("");
static const char doctor_session_policy[] = SESSION_POLICY("\"bedrock:GetFoundationModel\",");

/* ---- Options and environment ---- */

/*
 * Takes all of them out of the environment, used or not, so that no other process can read them
 * and no log shows them.
 */
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

static struct str copy(struct aws_session *session, struct str text)
{
	return arena_str(&session->arena, str_trim(text));
}

static struct strings copy_list(struct aws_session *session, const struct strings *list)
{
	struct strings copied = {.len = list->len};

	copied.items = ARENA_ARRAY(&session->arena, struct str, list->len);
	for (size_t i = 0; i < list->len; i++)
		copied.items[i] = arena_str(&session->arena, list->items[i]);
	return copied;
}

static struct str first_set(struct str first, const struct env *env, const char *const *names)
{
	for (; first.len == 0 && *names; names++)
		first = str_trim(env_get(env, *names));
	return first;
}

static bool read_environment(struct aws_session *session, const struct aws_options *options,
			     struct error *err)
{
	static const char *const regions[] = {"AWS_REGION", "AWS_DEFAULT_REGION", NULL};
	static const char *const profiles[] = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", NULL};
	static const char *const bedrock_urls[] = {"AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
						   "AWS_ENDPOINT_URL", NULL};
	static const char *const control_urls[] = {"AWS_ENDPOINT_URL_BEDROCK", "AWS_ENDPOINT_URL",
						   NULL};
	static const char *const sts_urls[] = {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL", NULL};
	const struct env *env = session->env;

	session->region = copy(session, first_set(options->region, env, regions));
	session->profile_chosen = options->profile.len > 0;
	session->profile = copy(session, first_set(options->profile, env, profiles));
	session->fips = env_true(env, "AWS_USE_FIPS_ENDPOINT");
	session->dual_stack = env_true(env, "AWS_USE_DUALSTACK_ENDPOINT");
	session->sts_global =
		str_eq_nocase(env_get(env, "AWS_STS_REGIONAL_ENDPOINTS"), STR("legacy"));
	if (!env_true(env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) {
		session->bedrock_url = copy(session, first_set(STR_EMPTY, env, bedrock_urls));
		session->control_url = copy(session, first_set(STR_EMPTY, env, control_urls));
		session->sts_url = copy(session, first_set(STR_EMPTY, env, sts_urls));
	}
	session->allowed_accounts = copy_list(session, &options->allowed_accounts);
	session->local = options->local;
	return aws_attempts_read(env, &session->attempts_max, err);
}

/* ---- Roles ---- */

static struct str session_name(struct aws_session *session, const struct aws_options *options)
{
	struct str run = env_get(session->env, "GITHUB_RUN_ID");
	struct str name = options->session_name;

	if (name.len)
		return copy(session, name);
	if (run.len == 0)
		return STR("outcrop");
	name = arena_printf(&session->arena, "outcrop-%.*s", STR_ARG(run));
	return str_slice(name, 0, AWS_SESSION_NAME_MAX);
}

/* Policies apply to the last role: a role before it must still be able to assume the next. */
static struct role_request role_request(struct aws_session *session,
					const struct aws_options *options, size_t idx)
{
	int64_t duration = options->duration_seconds ? options->duration_seconds : DURATION_DEFAULT;
	struct role_request role = {
		.role_arn = copy(session, options->roles.items[idx]),
		.session_name = session_name(session, options),
		.duration_seconds = duration,
	};

	if (idx + 1 < options->roles.len)
		return role;
	role.policy_arns = copy_list(session, &options->managed_policies);
	if (options->session_policy.len == 0)
		role.policy =
			str_from(options->looks_at_models ? doctor_session_policy : session_policy);
	else if (!str_eq(options->session_policy, STR("none")))
		role.policy = copy(session, options->session_policy);
	return role;
}

/* Whether one of these is in the environment; keys are looked for where they are kept once taken. */
static bool has_one_of(struct env *env, const char *const *names)
{
	for (; *names; names++) {
		if (env_has(env, *names) || env_take_secret(env, *names))
			return true;
	}
	return false;
}

/* A self-hosted runner may have credentials that can take the first role. */
static bool has_other_place(struct env *env)
{
	static const char *const names[] = {
		"AWS_ACCESS_KEY_ID",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI",
		"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
		"AWS_DEFAULT_PROFILE",
		"AWS_PROFILE",
		"AWS_WEB_IDENTITY_TOKEN_FILE",
		NULL,
	};

	return has_one_of(env, names);
}

bool aws_credentials_given(struct env *env)
{
	static const char *const bearer[] = {"AWS_BEARER_TOKEN_BEDROCK", NULL};

	return has_other_place(env) || has_one_of(env, bearer);
}

/* The first role is assumed with GitHub's token; without a token, with the credentials of the chain. */
static bool chain_roles(struct aws_session *session, const struct aws_options *options,
			const struct profiles *profiles, struct error *err)
{
	size_t done = 0;
	struct sts sts;

	if (!aws_session_sts(session, &sts, err))
		return false;
	if (oidc_available(session->env) || (!session->local && !has_other_place(session->env))) {
		struct role_request role = role_request(session, options, 0);
		struct token_source tokens;
		struct credential_source source;
		struct oidc oidc;

		if (!oidc_init(&oidc, session->http, session->env,
			       copy(session, aws_session_audience(options, session->region)), err))
			return error_wrap(err, "role %.*s", STR_ARG(role.role_arn));
		tokens = token_source_oidc(session, &oidc);
		source =
			source_token_role(session, "GitHub's identity token", &tokens, &sts, &role);
		session->provider = aws_session_provider(session, &source);
		done = 1;
	} else if (!chain_find(session, profiles, err)) {
		return false;
	}
	if (!session->provider)
		return error_set(
			err, ERROR_CREDENTIALS,
			"a role cannot be assumed with AWS_BEARER_TOKEN_BEDROCK: unset it, or leave out the role");
	for (; done < options->roles.len; done++) {
		struct role_request role = role_request(session, options, done);
		struct credential_source source =
			source_role(session, session->provider, &sts, &role);

		session->provider = aws_session_provider(session, &source);
	}
	session->role = copy(session, options->roles.items[options->roles.len - 1]);
	session->source = arena_printf(&session->arena, "role %.*s", STR_ARG(session->role));
	return true;
}

/* A custom endpoint that the environment does not name: the service's of a profile, else the profile's. */
static void take_url(struct aws_session *session, struct str *url, const struct profiles *profiles,
		     struct str services, const char *key)
{
	struct str profile = session->profile.len ? session->profile : STR("default");

	if (url->len == 0)
		*url = copy(session, profiles_section_get(profiles, "services", services, key));
	if (url->len == 0)
		*url = copy(session, profile_get(profiles, profile, "endpoint_url"));
}

/* What the environment does not say is taken from the profile. */
static void read_profile(struct aws_session *session, const struct profiles *profiles)
{
	struct str profile = session->profile.len ? session->profile : STR("default");
	struct str services = profile_get(profiles, profile, "services");

	if (session->region.len == 0)
		session->region = copy(session, profile_get(profiles, profile, "region"));
	if (!env_has(session->env, "AWS_USE_FIPS_ENDPOINT"))
		session->fips = str_eq_nocase(profile_get(profiles, profile, "use_fips_endpoint"),
					      STR("true"));
	if (!env_has(session->env, "AWS_USE_DUALSTACK_ENDPOINT"))
		session->dual_stack = str_eq_nocase(
			profile_get(profiles, profile, "use_dualstack_endpoint"), STR("true"));
	if (env_true(session->env, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))
		return;
	take_url(session, &session->bedrock_url, profiles, services,
		 "bedrock_runtime.endpoint_url");
	take_url(session, &session->control_url, profiles, services, "bedrock.endpoint_url");
	take_url(session, &session->sts_url, profiles, services, "sts.endpoint_url");
}

/* As in the AWS CLI: the variable takes precedence over the setting. */
static bool use_certificates(struct aws_session *session, const struct profiles *profiles,
			     struct error *err)
{
	struct str profile = session->profile.len ? session->profile : STR("default");
	struct str file = profile_get(profiles, profile, "ca_bundle");

	if (!file.len || env_has(session->env, "AWS_CA_BUNDLE") ||
	    http_use_certificates(session->http, file, err))
		return true;
	return error_wrap(err, "ca_bundle of profile \"%.*s\"", STR_ARG(profile));
}

/* The files can contain keys: their content is wiped on return. */
static bool find_source(struct aws_session *session, const struct aws_options *options,
			struct error *err)
{
	SCOPED(arena) struct arena files = ARENA_INIT;
	struct profiles profiles = {0};

	if (!profiles_read(&files, session->env, &profiles, err))
		return false;
	read_profile(session, &profiles);
	if (!use_certificates(session, &profiles, err))
		return false;
	return options->roles.len ? chain_roles(session, options, &profiles, err)
				  : chain_find(session, &profiles, err);
}

struct aws_session *aws_session_new(struct http *http, const struct clock *clock, struct env *env,
				    const struct aws_options *options, struct error *err)
{
	OWNED(aws_session) struct aws_session *session = NULL;

	if (!aws_options_check(options, err))
		return NULL;
	session = NEW(struct aws_session);
	*session = (struct aws_session){.http = http, .clock = clock, .env = env};
	session->models_have_keys = options->models_have_keys && !options->roles.len;
	take_secrets(env);
	if (!read_environment(session, options, err) || !find_source(session, options, err))
		return NULL;
	return steal(&session);
}

/* ---- Signing in ---- */

static bool check_account(struct aws_session *session, const struct credentials *credentials,
			  struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct identity identity;
	struct sts sts;

	if (!aws_session_sts(session, &sts, err) ||
	    !sts_identity(&sts, credentials, &arena, &identity, err))
		return false;
	if (strings_have(&session->allowed_accounts, identity.account))
		return true;
	return error_set(
		err, ERROR_CREDENTIALS,
		"the credentials (%.*s) belong to account %.*s, which \"allowed-account-ids\" does not list",
		STR_ARG(session->source), STR_ARG(identity.account));
}

/* A source was found but has no credentials. Some models have keys, so this counts as no source. */
static bool do_without(struct aws_session *session, const struct error *why)
{
	if (!session->models_have_keys || session->allowed_accounts.len ||
	    why->kind != ERROR_CREDENTIALS)
		return false;
	log_info("aws", "no credentials but those of the table of models: %s", why->message);
	session->missing = *why;
	session->provider = NULL;
	session->source = STR("the table of models");
	return true;
}

bool aws_session_sign_in(struct aws_session *session, struct error *err)
{
	const struct credentials *credentials;
	struct error failed = {0};

	if (!session->bearer && !session->provider) {
		*err = session->missing;
		return session->allowed_accounts.len == 0;
	}
	if (session->bearer) {
		if (session->allowed_accounts.len)
			return error_set(
				err, ERROR_CREDENTIALS,
				"\"allowed-account-ids\" cannot be checked with AWS_BEARER_TOKEN_BEDROCK: use a role or keys, or leave it empty");
		return true;
	}
	if (!provider_get(session->provider, &credentials, &failed)) {
		/* Without credentials, whatever the reason, no call is possible. */
		if (!group_is_cancelled(task_group()))
			failed.kind = ERROR_CREDENTIALS;
		if (do_without(session, &failed))
			return true;
		*err = failed;
		return false;
	}
	return session->allowed_accounts.len == 0 || check_account(session, credentials, err);
}
