/* The Security Token Service: roles for tokens, roles for roles, and the identity of the caller. */
#include "credentials/sts.h"

#include <string.h>

#include "aws/call.h"
#include "aws/errors.h"
#include "aws/xml.h"
#include "base/encode.h"
#include "base/log.h"
#include "credentials/oidc.h"
#include "value/json.h"

enum {
	STS_ANSWER_SIZE_MAX = 256 << 10,
	RETRY_BASE_MS = 500,
	RETRY_WAIT_MAX_MS = 20000,
};

static const char version[] = "2011-06-15";

/* ---- Answers ---- */

/* The members of one answer, whichever form it came in. */
struct sts_answer {
	struct arena *arena;
	struct str xml;             /* empty: JSON */
	const struct value *object; /* which has the members */
};

static struct str answer_text(const struct sts_answer *answer, const char *name)
{
	if (answer->xml.len)
		return xml_text(answer->arena, answer->xml, str_from(name));
	return value_get_string(answer->object, name);
}

/* Seconds since 1970 (JSON) or an ISO 8601 time (XML, and services that imitate STS). */
static bool answer_time(const struct sts_answer *answer, const char *name, int64_t *wall_ms)
{
	const struct value *value = value_get(answer->object, name);
	double seconds;

	if (value_is(value, VALUE_INT) || value_is(value, VALUE_REAL)) {
		seconds = value_get_number(answer->object, name, 0);
		if (seconds <= 0 || seconds > 1e11)
			return false;
		*wall_ms = (int64_t)(seconds * 1000);
		return true;
	}
	return time_parse(answer_text(answer, name), wall_ms);
}

/* Opens {"ActionResponse": {"ActionResult": {...}}} or the XML of the same. */
static bool answer_open(struct sts_answer *answer, struct arena *arena, struct str body,
			const char *action, const char *member, struct error *err)
{
	const struct value *root;
	struct str response = arena_printf(arena, "%sResponse", action);
	struct str result = arena_printf(arena, "%sResult", action);

	*answer = (struct sts_answer){.arena = arena};
	body = str_trim(body);
	if (str_starts(body, STR("<"))) {
		answer->xml = body;
		return true;
	}
	root = json_read(arena, body, STS_ANSWER_SIZE_MAX, err);
	if (!root) {
		err->kind = ERROR_PROTOCOL;
		return error_wrap(err, "the answer of STS");
	}
	answer->object = value_get_str(value_get_str(root, response), result);
	if (member)
		answer->object = value_get(answer->object, member);
	return true;
}

static bool missing(struct error *err, const char *action, const char *name)
{
	return error_set(err, ERROR_PROTOCOL, "the answer of STS to %s has no usable \"%s\"",
			 action, name);
}

bool sts_read_credentials(struct str body, const char *action, struct credentials *credentials,
			  struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct sts_answer answer;
	struct str id, key, token;
	int64_t expires_ms;

	if (!answer_open(&answer, &arena, body, action, "Credentials", err))
		return false;
	id = answer_text(&answer, "AccessKeyId");
	key = answer_text(&answer, "SecretAccessKey");
	token = answer_text(&answer, "SessionToken");
	if (id.len == 0)
		return missing(err, action, "AccessKeyId");
	if (key.len == 0)
		return missing(err, action, "SecretAccessKey");
	if (token.len == 0)
		return missing(err, action, "SessionToken");
	if (!answer_time(&answer, "Expiration", &expires_ms))
		return missing(err, action, "Expiration");
	credentials_set(credentials, id, key, token, expires_ms);
	return true;
}

bool sts_read_identity(struct str body, struct arena *arena, struct identity *identity,
		       struct error *err)
{
	struct sts_answer answer;
	struct identity found;

	if (!answer_open(&answer, arena, body, "GetCallerIdentity", NULL, err))
		return false;
	found = (struct identity){.account = answer_text(&answer, "Account"),
				  .arn = answer_text(&answer, "Arn"),
				  .user_id = answer_text(&answer, "UserId")};
	if (found.account.len == 0)
		return missing(err, "GetCallerIdentity", "Account");
	if (found.arn.len == 0)
		return missing(err, "GetCallerIdentity", "Arn");
	*identity = found;
	return true;
}

/* ---- Requests ---- */

static void add_parameter(struct buf *form, const char *name, struct str value)
{
	if (value.len == 0)
		return;
	if (form->len)
		buf_add_char(form, '&');
	buf_add_text(form, name);
	buf_add_char(form, '=');
	percent_add(form, value, NULL);
}

static void add_role(struct buf *form, struct arena *arena, const struct role_request *role)
{
	add_parameter(form, "RoleArn", role->role_arn);
	add_parameter(form, "RoleSessionName", role->session_name);
	if (role->duration_seconds)
		add_parameter(form, "DurationSeconds",
			      arena_printf(arena, "%lld", (long long)role->duration_seconds));
	add_parameter(form, "Policy", role->policy);
	for (size_t i = 0; i < role->policy_arns.len; i++) {
		struct str name = arena_printf(arena, "PolicyArns.member.%zu.arn", i + 1);

		add_parameter(form, name.ptr, role->policy_arns.items[i]);
	}
	add_parameter(form, "ExternalId", role->external_id);
	add_parameter(form, "SourceIdentity", role->source_identity);
}

static int attempts_max(const struct sts *sts)
{
	return sts->attempts_max ? sts->attempts_max : STS_ATTEMPTS_MAX;
}

/* One call with its attempts: the number of the one that runs. */
struct tries {
	const struct sts *sts;
	char id[RANDOM_UUID_LEN + 1];
	int number; /* 1-based */
};

static void tries_begin(struct tries *tries, const struct sts *sts)
{
	*tries = (struct tries){.sts = sts, .number = 1};
	random_uuid(sts->random, tries->id);
}

/* One attempt. `with` is NULL for calls that are not signed. */
static bool send_form(const struct tries *tries, const struct credentials *with, struct str form,
		      struct http_response *response, struct error *err)
{
	const struct sts *sts = tries->sts;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct http_request request = {
		.method = "POST",
		.url = arena_printf(&arena, "%.*s/", STR_ARG(sts->endpoint.url)),
		.body = form,
		.idle_timeout_ms = SIGN_IN_IDLE_TIMEOUT_MS,
		.body_size_max = STS_ANSWER_SIZE_MAX,
	};
	bool ok;

	http_header_add(&request.headers, STR("Content-Type"),
			STR("application/x-www-form-urlencoded; charset=utf-8"));
	http_header_add(&request.headers, STR("Accept"), STR("application/json"));
	call_number(&arena, &request,
		    &(struct call_attempt){.id = str_from(tries->id),
					   .number = tries->number,
					   .max = attempts_max(sts)});
	ok = !with ||
	     call_sign(&arena, &request, &sts->endpoint, with, clock_wall_ms(sts->clock), err);
	ok = ok && call_send(sts->http, &request, response, err);
	http_headers_release(&request.headers);
	return ok;
}

/* Full jitter under a doubling ceiling. False when the attempts are used up or the error is final. */
static bool wait_to_retry(struct tries *tries, struct error *err)
{
	const struct sts *sts = tries->sts;
	int attempt = tries->number;
	struct error cancelled = {0};
	int64_t wait_ms;

	if (attempt >= attempts_max(sts) || !aws_error_is_transient(err))
		return false;
	wait_ms = MIN_OF((int64_t)RETRY_BASE_MS << attempt, RETRY_WAIT_MAX_MS);
	wait_ms = (int64_t)(random_unit(sts->random) * (double)wait_ms);
	wait_ms = MAX_OF(wait_ms, err->retry_after_ms);
	log_info("aws", "sts, attempt %d: %s; next in %.1f s", attempt, err->message,
		 (double)wait_ms / 1000);
	if (!task_sleep(wait_ms, &cancelled)) {
		*err = cancelled;
		return false;
	}
	tries->number++;
	return true;
}

/* Adds what the trust policy was compared with; an invalid token is rejected before, and has another remedy. */
static void explain_token(struct error *err, struct str token)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct oidc_claims claims = oidc_read_claims(&arena, token);

	if (claims.sub.len == 0 || (err->kind != ERROR_DENIED && err->kind != ERROR_INVALID))
		return;
	if (strcmp(err->code, "InvalidIdentityToken") == 0) {
		error_append(err, "; the token has sub \"%.*s\" and aud \"%.*s\", from %.*s",
			     STR_ARG(claims.sub), STR_ARG(claims.aud), STR_ARG(claims.iss));
		return;
	}
	error_append(
		err,
		"; the token has sub \"%.*s\" and aud \"%.*s\": the role's trust policy must allow exactly these for the provider %.*s, and the provider must exist in the role's account (`outcrop doctor` prints the policy)",
		STR_ARG(claims.sub), STR_ARG(claims.aud), STR_ARG(claims.iss));
	if (str_find_char(claims.sub, '@', 0) >= 0)
		error_append(
			err,
			"; this sub names owner and repository with their ids, as GitHub does for newer repositories: a policy written for repo:OWNER/NAME does not match it");
}

static bool assume_with_token_once(const struct tries *tries, const struct token_source *tokens,
				   const struct role_request *role, struct credentials *credentials,
				   struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(http_response) struct http_response response = {0};
	SCOPED(buf) struct buf form = BUF_INIT;
	SCOPED(secret) struct secret token = {0};
	bool ok;

	if (!tokens->fetch(tokens->ctx, &token, err))
		return false;
	add_parameter(&form, "Action", STR("AssumeRoleWithWebIdentity"));
	add_parameter(&form, "Version", str_from(version));
	add_role(&form, &arena, role);
	add_parameter(&form, "WebIdentityToken", secret_str(&token));
	ok = send_form(tries, NULL, buf_str(&form), &response, err);
	secret_wipe(form.ptr, form.len);
	if (!ok) {
		explain_token(err, secret_str(&token));
		return false;
	}
	ok = sts_read_credentials(buf_str(&response.body), "AssumeRoleWithWebIdentity", credentials,
				  err);
	secret_wipe(response.body.ptr, response.body.len);
	return ok;
}

bool sts_assume_with_token(const struct sts *sts, const struct token_source *tokens,
			   const struct role_request *role, struct credentials *credentials,
			   struct error *err)
{
	struct aws_error_scene scene = {.region = sts->endpoint.signing_region,
					.role = role->role_arn};
	struct error failed = {0};
	struct tries tries;

	tries_begin(&tries, sts);
	for (;;) {
		failed = (struct error){0};
		if (assume_with_token_once(&tries, tokens, role, credentials, &failed))
			return true;
		if (!wait_to_retry(&tries, &failed))
			break;
	}
	*err = failed;
	aws_error_explain(err, &scene);
	return error_wrap(err, "AssumeRoleWithWebIdentity");
}

struct signed_call {
	const char *action; /* for the message of a failure */
	struct str role;    /* its ARN, where the call is for one */
	struct str form;
};

/* Sends a call that `with` signs, and retries where that helps; sets `response` if it succeeds. */
static bool send_signed(const struct sts *sts, const struct credentials *with,
			const struct signed_call *call, struct http_response *response,
			struct error *err)
{
	struct aws_error_scene scene = {.region = sts->endpoint.signing_region, .role = call->role};
	struct error failed = {0};
	struct tries tries;

	tries_begin(&tries, sts);
	for (;;) {
		failed = (struct error){0};
		if (send_form(&tries, with, call->form, response, &failed))
			return true;
		if (!wait_to_retry(&tries, &failed))
			break;
	}
	*err = failed;
	aws_error_explain(err, &scene);
	return error_wrap(err, "%s", call->action);
}

bool sts_assume(const struct sts *sts, const struct credentials *with,
		const struct role_request *role, struct credentials *credentials, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(http_response) struct http_response response = {0};
	SCOPED(credentials) struct credentials own = {0};
	SCOPED(buf) struct buf form = BUF_INIT;
	struct signed_call call = {.action = "AssumeRole", .role = role->role_arn};
	bool ok;

	credentials_copy(&own, with); /* `with` may be renewed while this waits */
	add_parameter(&form, "Action", STR("AssumeRole"));
	add_parameter(&form, "Version", str_from(version));
	add_role(&form, &arena, role);
	call.form = buf_str(&form);
	if (!send_signed(sts, &own, &call, &response, err))
		return false;
	ok = sts_read_credentials(buf_str(&response.body), "AssumeRole", credentials, err);
	secret_wipe(response.body.ptr, response.body.len);
	return ok;
}

bool sts_identity(const struct sts *sts, const struct credentials *with, struct arena *arena,
		  struct identity *identity, struct error *err)
{
	SCOPED(http_response) struct http_response response = {0};
	SCOPED(credentials) struct credentials own = {0};
	SCOPED(buf) struct buf form = BUF_INIT;
	struct signed_call call = {.action = "GetCallerIdentity"};

	credentials_copy(&own, with);
	add_parameter(&form, "Action", STR("GetCallerIdentity"));
	add_parameter(&form, "Version", str_from(version));
	call.form = buf_str(&form);
	if (!send_signed(sts, &own, &call, &response, err))
		return false;
	return sts_read_identity(arena_str(arena, buf_str(&response.body)), arena, identity, err);
}
