/* The credential chain when no role was given: the SDKs' sources, in their order. */
#include "credentials/chain.h"

#include "base/log.h"
#include "credentials/sources.h"

enum { SOURCE_PROFILES_MAX = 8 };

/* The inputs of the links. */
struct chain_search {
	struct aws_session *session;
	const struct profiles *profiles;
	struct str profile;
	struct buf tried;
};

/* One link of the chain. False only if what it found is wrong. */
struct link {
	const char *tried; /* its name in the list of attempted sources */
	bool (*find)(struct chain_search *search, bool *found, struct error *err);
};

static void use(struct aws_session *session, const struct credential_source *source,
		struct str words)
{
	session->provider = aws_session_provider(session, source);
	session->source = words;
}

/* ---- Environment ---- */

static bool find_bearer(struct chain_search *search, bool *found, struct error *err)
{
	struct aws_session *session = search->session;

	(void)err;
	session->bearer = env_take_secret(session->env, "AWS_BEARER_TOKEN_BEDROCK");
	if (!session->bearer)
		return true;
	log_mask(session->bearer);
	session->source = STR("AWS_BEARER_TOKEN_BEDROCK");
	*found = true;
	return true;
}

static bool environment_source(struct aws_session *session, bool *found,
			       struct credential_source *source, struct error *err)
{
	const struct secret *id = env_take_secret(session->env, "AWS_ACCESS_KEY_ID");
	const struct secret *key = env_take_secret(session->env, "AWS_SECRET_ACCESS_KEY");
	const struct secret *token = env_take_secret(session->env, "AWS_SESSION_TOKEN");

	*found = id || key;
	if (!*found)
		return true;
	if (!id || !key)
		return error_set(err, ERROR_CREDENTIALS,
				 "%s is set without %s: set both, or neither",
				 id ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY",
				 id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
	*source = source_keys(session, "environment", secret_str(id), secret_str(key),
			      token ? secret_str(token) : STR_EMPTY);
	return true;
}

static bool find_environment(struct chain_search *search, bool *found, struct error *err)
{
	struct credential_source source;

	/* A profile from the command line takes precedence, as with the AWS CLI. */
	if (search->session->profile_chosen)
		return true;
	if (!environment_source(search->session, found, &source, err))
		return false;
	if (*found)
		use(search->session, &source, STR("environment (AWS_ACCESS_KEY_ID)"));
	return true;
}

/* ---- Profiles ---- */

static struct str setting(const struct chain_search *search, struct str profile, const char *name)
{
	return arena_str(&search->session->arena, profile_get(search->profiles, profile, name));
}

/* The keys in the profile itself. */
static bool profile_keys(struct chain_search *search, struct str profile, bool *found,
			 struct credential_source *source, struct error *err)
{
	struct str id = profile_get(search->profiles, profile, "aws_access_key_id");
	struct str key = profile_get(search->profiles, profile, "aws_secret_access_key");

	*found = id.len || key.len;
	if (*found && (!id.len || !key.len))
		return error_set(err, ERROR_CREDENTIALS,
				 "profile \"%.*s\" has %s without %s: set both, or neither",
				 STR_ARG(profile),
				 id.len ? "aws_access_key_id" : "aws_secret_access_key",
				 id.len ? "aws_secret_access_key" : "aws_access_key_id");
	if (*found)
		*source = source_keys(search->session, "shared keys", id, key,
				      profile_get(search->profiles, profile, "aws_session_token"));
	return true;
}

static struct role_request profile_role(const struct chain_search *search, struct str profile)
{
	struct role_request role = {
		.role_arn = setting(search, profile, "role_arn"),
		.session_name = setting(search, profile, "role_session_name"),
		.external_id = setting(search, profile, "external_id"),
	};
	int64_t duration;

	if (role.session_name.len == 0)
		role.session_name = STR("outcrop");
	if (str_to_int64(setting(search, profile, "duration_seconds"), &duration) && duration > 0)
		role.duration_seconds = duration;
	return role;
}

/* credential_source: the role is assumed with the credentials of the instance or container. */
static bool place_source(struct chain_search *search, struct str profile, struct str place,
			 struct credential_source *source, struct error *err)
{
	bool found = false;

	if (str_eq(place, STR("Environment"))) {
		if (!environment_source(search->session, &found, source, err))
			return false;
	} else if (str_eq(place, STR("EcsContainer"))) {
		if (!source_container_find(search->session, &found, source, err))
			return false;
	} else if (str_eq(place, STR("Ec2InstanceMetadata"))) {
		if (!source_instance_find(search->session, STR("keys in the profile"), &found,
					  source))
			return false;
	} else {
		return error_set(
			err, ERROR_CONFIG,
			"profile \"%.*s\": credential_source \"%.*s\" is unknown: use Environment, EcsContainer or Ec2InstanceMetadata",
			STR_ARG(profile), STR_ARG(place));
	}
	return found ||
	       error_set(err, ERROR_CREDENTIALS,
			 "profile \"%.*s\": credential_source %.*s gives no credentials here",
			 STR_ARG(profile), STR_ARG(place));
}

/* The profile whose credentials assume the role of `profile`; `profile` itself when it has keys. */
static bool profile_source(struct chain_search *search, struct str profile, int depth,
			   struct credential_source *source, struct error *err);

static bool role_source(struct chain_search *search, struct str profile, int depth,
			struct credential_source *source, struct error *err)
{
	struct str base = setting(search, profile, "source_profile");
	struct str place = setting(search, profile, "credential_source");
	struct role_request role = profile_role(search, profile);
	struct credential_source base_source;
	bool found = false;
	struct sts sts;

	if (setting(search, profile, "mfa_serial").len)
		return error_set(
			err, ERROR_CREDENTIALS,
			"profile \"%.*s\" requires an MFA code, which outcrop cannot ask for: use `aws sso login`, or keys of a session",
			STR_ARG(profile));
	if (depth >= SOURCE_PROFILES_MAX)
		return error_set(
			err, ERROR_CONFIG,
			"profile \"%.*s\": source_profile is circular, or longer than %d profiles",
			STR_ARG(profile), SOURCE_PROFILES_MAX);
	if (base.len && place.len)
		return error_set(
			err, ERROR_CONFIG,
			"profile \"%.*s\" has both source_profile and credential_source: leave out one",
			STR_ARG(profile));
	if (place.len) {
		if (!place_source(search, profile, place, &base_source, err))
			return false;
	} else if (str_eq(base, profile)) {
		if (!profile_keys(search, profile, &found, &base_source, err))
			return false;
		if (!found)
			return error_set(
				err, ERROR_CONFIG,
				"profile \"%.*s\" is its own source_profile and has no keys",
				STR_ARG(profile));
	} else if (!profile_source(search, base, depth + 1, &base_source, err)) {
		return error_wrap(err, "profile \"%.*s\"", STR_ARG(profile));
	}
	if (!aws_session_sts(search->session, &sts, err))
		return false;
	*source = source_role(search->session, aws_session_provider(search->session, &base_source),
			      &sts, &role);
	return true;
}

static bool has_role(const struct chain_search *search, struct str profile)
{
	return profile_get(search->profiles, profile, "role_arn").len &&
	       (profile_get(search->profiles, profile, "source_profile").len ||
		profile_get(search->profiles, profile, "credential_source").len);
}

static bool token_file_source(struct chain_search *search, struct str file,
			      struct role_request *role, struct credential_source *source,
			      struct error *err)
{
	struct token_source tokens = token_source_file(search->session, file);
	struct sts sts;

	if (!aws_session_sts(search->session, &sts, err))
		return false;
	*source = source_token_role(search->session, "web identity", &tokens, &sts, role);
	return true;
}

static bool profile_source(struct chain_search *search, struct str profile, int depth,
			   struct credential_source *source, struct error *err)
{
	struct str file = setting(search, profile, "web_identity_token_file");
	struct role_request role = profile_role(search, profile);
	bool found = false;

	if (!profile_exists(search->profiles, profile))
		return error_set(err, ERROR_CONFIG, "source_profile \"%.*s\" does not exist",
				 STR_ARG(profile));
	if (has_role(search, profile))
		return role_source(search, profile, depth, source, err);
	if (file.len && role.role_arn.len)
		return token_file_source(search, file, &role, source, err);
	if (!source_sso_find(search->session, search->profiles, profile, &found, source, err))
		return false;
	if (!found && !profile_keys(search, profile, &found, source, err))
		return false;
	if (!found &&
	    !source_process_find(search->session, search->profiles, profile, &found, source, err))
		return false;
	return found || error_set(err, ERROR_CREDENTIALS, "profile \"%.*s\" has no credentials",
				  STR_ARG(profile));
}

static bool find_profile_role(struct chain_search *search, bool *found, struct error *err)
{
	struct aws_session *session = search->session;
	struct credential_source source;

	if (!has_role(search, search->profile))
		return true;
	if (!role_source(search, search->profile, 0, &source, err))
		return false;
	session->role = setting(search, search->profile, "role_arn");
	use(session, &source,
	    arena_printf(&session->arena, "role %.*s of profile \"%.*s\"", STR_ARG(session->role),
			 STR_ARG(search->profile)));
	*found = true;
	return true;
}

/* The environment's token file takes precedence over the profile's. */
static bool find_web_identity(struct chain_search *search, bool *found, struct error *err)
{
	struct aws_session *session = search->session;
	struct str file = env_get(session->env, "AWS_WEB_IDENTITY_TOKEN_FILE");
	struct role_request role = {
		.role_arn = arena_str(&session->arena, env_get(session->env, "AWS_ROLE_ARN")),
		.session_name =
			arena_str(&session->arena, env_get(session->env, "AWS_ROLE_SESSION_NAME"))};
	struct credential_source source;

	if (file.len == 0 || session->profile_chosen) {
		file = setting(search, search->profile, "web_identity_token_file");
		role = profile_role(search, search->profile);
	}
	if (file.len == 0)
		return true;
	if (role.role_arn.len == 0)
		return error_set(
			err, ERROR_CREDENTIALS,
			"a web identity token file is set without a role: set AWS_ROLE_ARN (or role_arn in the profile)");
	if (role.session_name.len == 0)
		role.session_name = STR("outcrop");
	if (!token_file_source(search, file, &role, &source, err))
		return false;
	session->role = role.role_arn;
	use(session, &source,
	    arena_printf(&session->arena, "web identity, role %.*s", STR_ARG(role.role_arn)));
	*found = true;
	return true;
}

static bool find_sso(struct chain_search *search, bool *found, struct error *err)
{
	struct aws_session *session = search->session;
	struct credential_source source;

	if (!source_sso_find(session, search->profiles, search->profile, found, &source, err))
		return false;
	if (*found)
		use(session, &source,
		    arena_printf(&session->arena, "sign-in of profile \"%.*s\"",
				 STR_ARG(search->profile)));
	return true;
}

static bool find_shared_keys(struct chain_search *search, bool *found, struct error *err)
{
	struct aws_session *session = search->session;
	struct credential_source source;

	if (!profile_keys(search, search->profile, found, &source, err))
		return false;
	if (*found)
		use(session, &source,
		    arena_printf(&session->arena, "keys of profile \"%.*s\"",
				 STR_ARG(search->profile)));
	return true;
}

static bool find_process(struct chain_search *search, bool *found, struct error *err)
{
	struct aws_session *session = search->session;
	struct credential_source source;

	if (!source_process_find(session, search->profiles, search->profile, found, &source, err))
		return false;
	if (*found)
		use(session, &source,
		    arena_printf(&session->arena, "credential_process of profile \"%.*s\"",
				 STR_ARG(search->profile)));
	return true;
}

/* `aws login` keeps its session in a form of the AWS CLI, which can hand keys out. */
static bool find_login(struct chain_search *search, bool *found, struct error *err)
{
	(void)found;
	if (!profile_get(search->profiles, search->profile, "login_session").len)
		return true;
	return error_set(
		err, ERROR_CREDENTIALS,
		"profile \"%.*s\" is of \"aws login\" (login_session), which only the AWS CLI reads: use a profile with\n  credential_process = aws configure export-credentials --profile %.*s --format process",
		STR_ARG(search->profile), STR_ARG(search->profile));
}

/* ---- Where the program runs ---- */

static bool find_container(struct chain_search *search, bool *found, struct error *err)
{
	struct credential_source source;

	if (!source_container_find(search->session, found, &source, err))
		return false;
	if (*found)
		use(search->session, &source, STR("the container's role"));
	return true;
}

static bool find_instance(struct chain_search *search, bool *found, struct error *err)
{
	struct credential_source source;

	(void)err;
	if (!source_instance_find(search->session, buf_str(&search->tried), found, &source))
		return false;
	if (*found)
		use(search->session, &source, STR("the instance's role (EC2 metadata)"));
	return true;
}

/* In the order of botocore where the SDKs differ. */
static const struct link links[] = {
	{"AWS_BEARER_TOKEN_BEDROCK", find_bearer},
	{"AWS_ACCESS_KEY_ID", find_environment},
	{"role_arn of the profile", find_profile_role},
	{"AWS_WEB_IDENTITY_TOKEN_FILE", find_web_identity},
	{"cached sign-in", find_sso},
	{"keys of the profile", find_shared_keys},
	{"credential_process", find_process},
	{"aws login", find_login},
	{"container", find_container},
	{"EC2 metadata", find_instance},
};

static bool walk(struct chain_search *search, struct error *err)
{
	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		bool found = false;

		if (!links[i].find(search, &found, err))
			return false;
		if (found) {
			log_debug("aws", "credentials: %.*s", STR_ARG(search->session->source));
			return true;
		}
		buf_addf(&search->tried, "%s%s", i ? ", " : "", links[i].tried);
	}
	error_set(err, ERROR_CREDENTIALS, "no AWS credentials: tried %.*s; %s",
		  STR_ARG(buf_str(&search->tried)), aws_session_sign_in_hint(search->session));
	if (!search->session->models_have_keys)
		return false;
	search->session->missing = *err;
	search->session->source = STR("the table of models");
	return true;
}

bool chain_find(struct aws_session *session, const struct profiles *profiles, struct error *err)
{
	struct chain_search search = {.session = session,
				      .profiles = profiles,
				      .profile = session->profile.len ? session->profile
								      : STR("default"),
				      .tried = BUF_INIT};
	bool ok;

	if (session->profile.len && !profile_exists(profiles, session->profile))
		return error_set(err, ERROR_USAGE,
				 "profile \"%.*s\" is neither in %.*s nor in %.*s",
				 STR_ARG(session->profile), STR_ARG(profiles->config_file),
				 STR_ARG(profiles->credentials_file));
	ok = walk(&search, err);

	buf_release(&search.tried);
	return ok;
}
