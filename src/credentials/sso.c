/* IAM Identity Center: keys for the sign-in that the AWS CLI has cached. */
#include "credentials/sources.h"

#include <openssl/evp.h>

#include "aws/call.h"
#include "aws/errors.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/log.h"
#include "credentials/keys.h"
#include "task/task.h"
#include "value/json.h"

enum {
	CACHE_SIZE_MAX = 256 << 10,
	ATTEMPTS_MAX = 3,
};

struct sso {
	struct aws_session *session;
	struct endpoint endpoint;
	struct str profile, account, role;
	struct str cache_file;
};

/* The CLI names the file by the SHA-1 of the session's name, or of the start URL. */
static struct str cache_file(struct aws_session *session, struct str key)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	SCOPED(buf) struct buf hex = BUF_INIT;

	if (!EVP_Digest(key.ptr, key.len, digest, &len, EVP_sha1(), NULL))
		len = 0;
	hex_add(&hex, str_of((const char *)digest, len));
	return arena_printf(&session->arena, "%.*s/.aws/sso/cache/%.*s.json",
			    STR_ARG(env_get(session->env, "HOME")), STR_ARG(buf_str(&hex)));
}

static bool sign_in_again(const struct sso *sso, const char *why, struct error *err)
{
	return error_set(err, ERROR_CREDENTIALS,
			 "%s (profile \"%.*s\"): run `aws sso login --profile %.*s`", why,
			 STR_ARG(sso->profile), STR_ARG(sso->profile));
}

static bool read_token(const struct sso *sso, struct secret *token, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error failed = {0};
	const struct value *root;
	int64_t expires_ms;

	if (!file_read(arena_text(&arena, sso->cache_file), CACHE_SIZE_MAX, &text, &failed))
		return sign_in_again(sso, "no cached sign-in", err);
	root = json_read(&arena, buf_str(&text), CACHE_SIZE_MAX, &failed);
	secret_set(token, value_get_string(root, "accessToken"));
	secret_wipe(text.ptr, text.len);
	if (!secret_is_set(token) || !time_parse(value_get_string(root, "expiresAt"), &expires_ms))
		return sign_in_again(sso, "the cached sign-in cannot be read", err);
	if (expires_ms <= clock_wall_ms(sso->session->clock))
		return sign_in_again(sso, "the sign-in has expired", err);
	log_mask(token);
	return true;
}

static bool fetch_sso(void *ctx, struct credentials *credentials, struct error *err)
{
	struct sso *sso = ctx;
	SCOPED(secret) struct secret token = {0};
	SCOPED(http_response) struct http_response response = {0};
	SCOPED(buf) struct buf url = BUF_INIT;
	struct http_request request = {.method = "GET", .idle_timeout_ms = SIGN_IN_IDLE_TIMEOUT_MS};
	bool ok = false;

	if (!read_token(sso, &token, err))
		return false;
	buf_add(&url, sso->endpoint.url);
	buf_add(&url, STR("/federation/credentials?role_name="));
	percent_add(&url, sso->role, NULL);
	buf_add(&url, STR("&account_id="));
	percent_add(&url, sso->account, NULL);
	request.url = buf_str(&url);
	http_header_add(&request.headers, STR("x-amz-sso_bearer_token"), secret_str(&token));
	for (int attempt = 1; !ok; attempt++) {
		ok = call_send(sso->session->http, &request, &response, err);
		if (ok || attempt == ATTEMPTS_MAX || !aws_error_is_transient(err) ||
		    !task_sleep(SOURCE_RETRY_WAIT_MS, err))
			break;
		*err = (struct error){0};
		http_response_release(&response);
		response = (struct http_response){0};
	}
	http_headers_release(&request.headers);
	if (!ok && err->http_status == 401)
		return sign_in_again(sso, "the sign-in is not accepted any more", err);
	if (!ok)
		return error_wrap(err, "sign-in of profile \"%.*s\"", STR_ARG(sso->profile));
	ok = keys_read(buf_str(&response.body), &keys_form_sso, "IAM Identity Center", credentials,
		       err);
	secret_wipe(response.body.ptr, response.body.len);
	return ok;
}

bool source_sso_find(struct aws_session *session, const struct profiles *profiles,
		     struct str profile, bool *found, struct credential_source *source,
		     struct error *err)
{
	struct str section = profile_get(profiles, profile, "sso_session");
	struct str start_url = profile_get(profiles, profile, "sso_start_url");
	struct endpoint_options options = {.region = profile_get(profiles, profile, "sso_region")};
	struct sso *sso = ARENA_NEW(&session->arena, struct sso);

	if (section.len) {
		start_url = profiles_section_get(profiles, "sso-session", section, "sso_start_url");
		options.region =
			profiles_section_get(profiles, "sso-session", section, "sso_region");
	}
	sso->session = session;
	sso->profile = arena_str(&session->arena, profile);
	sso->account = arena_str(&session->arena, profile_get(profiles, profile, "sso_account_id"));
	sso->role = arena_str(&session->arena, profile_get(profiles, profile, "sso_role_name"));
	*found = (section.len || start_url.len) && sso->role.len;
	if (!*found)
		return true;
	if (section.len && !profiles_has_section(profiles, "sso-session", section))
		return error_set(
			err, ERROR_CONFIG,
			"profile \"%.*s\": sso_session names \"%.*s\", and there is no [sso-session %.*s] in %.*s",
			STR_ARG(profile), STR_ARG(section), STR_ARG(section),
			STR_ARG(profiles->config_file));
	if (start_url.len == 0 || options.region.len == 0 || sso->account.len == 0)
		return error_set(
			err, ERROR_CONFIG,
			"profile \"%.*s\": signing in needs sso_start_url, sso_region and sso_account_id; run `aws configure sso`",
			STR_ARG(profile));
	options.custom_url = env_get(session->env, "AWS_ENDPOINT_URL_SSO");
	sso->cache_file = cache_file(session, section.len ? section : start_url);
	if (!endpoint_resolve(&session->arena, AWS_SSO_PORTAL, &options, &sso->endpoint, err))
		return error_wrap(err, "profile \"%.*s\"", STR_ARG(profile));
	*source = (struct credential_source){.name = "SSO", .fetch = fetch_sso, .ctx = sso};
	return true;
}
