/* The OIDC token that GitHub issues to a job. */
#include "credentials/oidc.h"

#include "aws/errors.h"
#include "base/encode.h"
#include "base/log.h"
#include "value/json.h"

enum { OIDC_ANSWER_SIZE_MAX = 256 << 10 };

static const char url_variable[] = "ACTIONS_ID_TOKEN_REQUEST_URL";
static const char token_variable[] = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

bool oidc_available(struct env *env)
{
	return env_has(env, url_variable) && env_take_secret(env, token_variable);
}

bool oidc_init(struct oidc *oidc, struct http *http, struct env *env, struct str audience,
	       struct error *err)
{
	const struct secret *token = env_take_secret(env, token_variable);

	if (!token || !env_has(env, url_variable))
		return error_set(
			err, ERROR_CREDENTIALS,
			"this job may not ask GitHub for an identity token: %s is not set; add \"permissions: id-token: write\" to the job (jobs for pull requests from forks never get one)",
			token ? url_variable : token_variable);
	log_mask(token);
	*oidc = (struct oidc){.http = http,
			      .request_url = env_get(env, url_variable),
			      .request_token = token,
			      .audience = audience};
	return true;
}

static struct str request_url(struct arena *arena, const struct oidc *oidc)
{
	SCOPED(buf) struct buf url = BUF_INIT;

	buf_add(&url, oidc->request_url);
	buf_add_char(&url, str_find_char(oidc->request_url, '?', 0) < 0 ? '?' : '&');
	buf_add(&url, STR("audience="));
	percent_add(&url, oidc->audience, NULL);
	return arena_str(arena, buf_str(&url));
}

/* An unreadable response is not quoted: it may contain a token. */
static bool read_token(struct arena *arena, struct str body, struct str *token, struct error *err)
{
	struct error unread = {0};
	const struct value *answer = json_read(arena, body, OIDC_ANSWER_SIZE_MAX, &unread);

	if (!answer)
		return error_set(
			err, ERROR_PROTOCOL,
			"GitHub's identity token: the answer is not JSON: a proxy may have answered instead: check HTTPS_PROXY");
	*token = value_get_string(answer, "value");
	if (token->len == 0)
		return error_set(err, ERROR_PROTOCOL,
				 "GitHub's identity token: the answer has no \"value\"");
	if (token->len > IDENTITY_TOKEN_SIZE_MAX)
		return error_set(err, ERROR_LIMIT,
				 "GitHub's identity token is longer than %d bytes",
				 IDENTITY_TOKEN_SIZE_MAX);
	return true;
}

static bool send_request(const struct oidc *oidc, struct secret *token, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(http_response) struct http_response response = {0};
	struct http_request request = {.method = "GET",
				       .url = request_url(&arena, oidc),
				       .idle_timeout_ms = 30000,
				       .body_size_max = OIDC_ANSWER_SIZE_MAX};
	struct str text;
	bool ok;

	http_header_add(&request.headers, STR("Authorization"),
			arena_printf(&arena, "Bearer %.*s",
				     STR_ARG(secret_str(oidc->request_token))));
	http_header_add(&request.headers, STR("Accept"), STR("application/json"));
	ok = http_send(oidc->http, &request, &response, err);
	http_headers_release(&request.headers);
	if (!ok)
		return error_wrap(err, "GitHub's identity token");
	if (response.status != 200) {
		error_set(err, aws_error_kind(STR_EMPTY, STR_EMPTY, response.status),
			  "GitHub's identity token: status %d", response.status);
		err->http_status = response.status;
		return false;
	}
	if (!read_token(&arena, buf_str(&response.body), &text, err))
		return false;
	secret_set(token, text);
	secret_wipe(response.body.ptr, response.body.len);
	return true;
}

bool oidc_fetch(const struct oidc *oidc, struct secret *token, struct error *err)
{
	if (!send_request(oidc, token, err))
		return false;
	log_mask(token);
	return true;
}

/* "aud" can be a list; the first entry is used. */
static struct str string_or_first(const struct value *value)
{
	return value_is(value, VALUE_ARRAY) ? value_as_string(value_at(value, 0))
					    : value_as_string(value);
}

struct oidc_claims oidc_read_claims(struct arena *arena, struct str token)
{
	SCOPED(buf) struct buf json = BUF_INIT;
	struct oidc_claims claims = {0};
	struct error ignored = {0};
	struct str header, rest, payload, signature;
	const struct value *root;

	if (!str_cut(token, STR("."), &header, &rest) ||
	    !str_cut(rest, STR("."), &payload, &signature) || !base64_decode(payload, &json))
		return claims;
	root = json_read(arena, buf_str(&json), IDENTITY_TOKEN_SIZE_MAX, &ignored);
	claims.sub = value_get_string(root, "sub");
	claims.aud = string_or_first(value_get(root, "aud"));
	claims.iss = value_get_string(root, "iss");
	claims.repository_id = value_get_string(root, "repository_id");
	return claims;
}
