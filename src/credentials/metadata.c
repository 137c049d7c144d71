/* Credentials of the host: containers (ECS, EKS) and instances (IMDSv2). */
#include "credentials/sources.h"

#include "base/encode.h"
#include "base/file.h"
#include "credentials/keys.h"

enum {
	ANSWER_SIZE_MAX = 64 << 10,
	TOKEN_SIZE_MAX = 16 << 10,
	CONTAINER_TIMEOUT_MS = 2000,
	CONTAINER_ATTEMPTS = 3,
	INSTANCE_TIMEOUT_MS = 1000,
	INSTANCE_ATTEMPTS_MAX = 20,
};

/* ---- One request ---- */

struct question {
	const char *method;
	struct str url;
	struct http_header header; /* sent unless its value is empty */
	int64_t timeout_ms;
};

static bool ask(struct http *http, const struct question *question, struct buf *body,
		struct error *err)
{
	const struct http_header *header = &question->header;
	SCOPED(http_response) struct http_response response = {0};
	struct http_request request = {
		.method = question->method,
		.url = question->url,
		.connect_timeout_ms = question->timeout_ms,
		.idle_timeout_ms = question->timeout_ms,
		.total_timeout_ms = question->timeout_ms,
		.body_size_max = ANSWER_SIZE_MAX,
		.no_proxy = true,
	};
	bool ok;

	if (header->value.len)
		http_header_add(&request.headers, header->name, header->value);
	ok = http_send(http, &request, &response, err);
	http_headers_release(&request.headers);
	if (!ok)
		return false;
	if (response.status != 200) {
		error_set(err, ERROR_CREDENTIALS, "status %d", response.status);
		err->http_status = response.status;
		return false;
	}
	buf_reset(body);
	buf_add(body, str_trim(buf_str(&response.body)));
	secret_wipe(response.body.ptr, response.body.len);
	return true;
}

/* ---- Containers ---- */

struct container {
	struct aws_session *session;
	struct str url;
	const char *token_file; /* read for each request; or NULL */
	const struct secret *token;
};

/* A value must not end the header that it is in. */
static bool read_token(const struct container *container, struct buf *token, struct error *err)
{
	struct str text;

	if (container->token_file) {
		if (!file_read(container->token_file, TOKEN_SIZE_MAX, token, err))
			return error_wrap(err, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	} else if (container->token) {
		buf_add(token, secret_str(container->token));
	}
	text = str_trim(buf_str(token));
	if (str_find_char(text, '\n', 0) >= 0 || str_find_char(text, '\r', 0) >= 0)
		return error_set(err, ERROR_CREDENTIALS,
				 "the container's authorization token has a line break in it");
	return true;
}

static bool fetch_container(void *ctx, struct credentials *credentials, struct error *err)
{
	struct container *container = ctx;
	SCOPED(buf) struct buf token = BUF_INIT;
	SCOPED(buf) struct buf body = BUF_INIT;
	struct question question = {
		.method = "GET",
		.url = container->url,
		.timeout_ms = CONTAINER_TIMEOUT_MS,
	};
	struct error failed = {0};
	bool ok = false;

	if (!read_token(container, &token, err))
		return false;
	question.header = (struct http_header){STR("Authorization"), str_trim(buf_str(&token))};
	for (int attempt = 1; !ok && attempt <= CONTAINER_ATTEMPTS; attempt++) {
		if (attempt > 1 && !task_sleep(SOURCE_RETRY_WAIT_MS, err))
			return false;
		failed = (struct error){0};
		ok = ask(container->session->http, &question, &body, &failed);
	}
	secret_wipe(token.ptr, token.len);
	if (!ok) {
		*err = failed;
		if (err->kind != ERROR_CANCELLED)
			err->kind = ERROR_CREDENTIALS;
		return error_wrap(err, "container credentials from %.*s", STR_ARG(container->url));
	}
	ok = keys_read(buf_str(&body), &keys_form_metadata, "the container's credential endpoint",
		       credentials, err);
	secret_wipe(body.ptr, body.len);
	return ok;
}

bool source_container_find(struct aws_session *session, bool *found,
			   struct credential_source *source, struct error *err)
{
	struct str relative = env_get(session->env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	struct str full = env_get(session->env, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
	struct str token_file = env_get(session->env, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	struct container *container = ARENA_NEW(&session->arena, struct container);

	*found = relative.len || full.len;
	if (!*found)
		return true;
	container->session = session;
	if (relative.len)
		container->url = arena_printf(&session->arena, "http://169.254.170.2%.*s",
					      STR_ARG(relative));
	else
		container->url = arena_str(&session->arena, full);
	/* An explicit permission for plain http does not apply to addresses that get a token. */
	if (!http_url_allowed(container->url, false, err))
		return error_wrap(err, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
	if (token_file.len)
		container->token_file = arena_text(&session->arena, token_file);
	container->token = env_take_secret(session->env, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
	*source = (struct credential_source){
		.name = "container", .fetch = fetch_container, .ctx = container};
	return true;
}

/* ---- Instances ---- */

struct instance {
	struct aws_session *session;
	struct str url; /* without a '/' at its end */
	int64_t timeout_ms;
	int64_t attempts;
	struct str tried; /* the source that was checked before, for the message */
};

static bool fetch_role_keys(const struct instance *instance, struct str token, struct buf *body,
			    struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf role = BUF_INIT;
	static const char path[] = "latest/meta-data/iam/security-credentials";
	struct question question = {
		.method = "GET",
		.url = arena_printf(&arena, "%.*s/%s/", STR_ARG(instance->url), path),
		.header = {STR("X-aws-ec2-metadata-token"), token},
		.timeout_ms = instance->timeout_ms,
	};
	struct http *http = instance->session->http;
	struct str name;

	if (!ask(http, &question, body, err))
		return error_wrap(err, "the instance's role");
	if (!str_cut(buf_str(body), STR("\n"), &name, &(struct str){0}))
		name = buf_str(body);
	percent_add(&role, str_trim(name), NULL);
	question.url =
		arena_printf(&arena, "%.*s%.*s", STR_ARG(question.url), STR_ARG(buf_str(&role)));
	return ask(http, &question, body, err);
}

/* The first question: it shows whether there is a metadata service at all. */
static bool ask_token(const struct instance *instance, struct str url, struct buf *token,
		      struct error *err)
{
	struct question question = {
		.method = "PUT",
		.url = url,
		.header = {STR("X-aws-ec2-metadata-token-ttl-seconds"), STR("21600")},
		.timeout_ms = instance->timeout_ms,
	};

	for (int64_t attempt = 1;; attempt++) {
		struct error failed = {0};

		if (ask(instance->session->http, &question, token, &failed))
			return true;
		if (attempt < instance->attempts && failed.kind != ERROR_CANCELLED)
			continue;
		*err = failed;
		return false;
	}
}

static bool fetch_instance(void *ctx, struct credentials *credentials, struct error *err)
{
	struct instance *instance = ctx;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf token = BUF_INIT;
	SCOPED(buf) struct buf body = BUF_INIT;
	struct str url = arena_printf(&arena, "%.*s/latest/api/token", STR_ARG(instance->url));
	bool ok = ask_token(instance, url, &token, err) &&
		  fetch_role_keys(instance, buf_str(&token), &body, err) &&
		  keys_read(buf_str(&body), &keys_form_metadata, "the instance's metadata service",
			    credentials, err);

	secret_wipe(token.ptr, token.len);
	secret_wipe(body.ptr, body.len);
	if (ok || err->kind == ERROR_CANCELLED)
		return ok;
	if (err->kind == ERROR_TIMEOUT)
		error_append(
			err,
			"; if this is a container on an instance, set its option http-put-response-hop-limit to 2");
	err->kind = ERROR_CREDENTIALS;
	error_wrap(err, "no AWS credentials: tried %.*s and the EC2 metadata service",
		   STR_ARG(instance->tried));
	return error_append(err, "; %s", aws_session_sign_in_hint(instance->session));
}

bool source_instance_find(struct aws_session *session, struct str tried, bool *found,
			  struct credential_source *source)
{
	struct instance *instance = ARENA_NEW(&session->arena, struct instance);
	struct str url = env_get(session->env, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
	struct str mode = env_get(session->env, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
	int64_t seconds, attempts;

	*found = !str_eq_nocase(env_get(session->env, "AWS_EC2_METADATA_DISABLED"), STR("true"));
	if (!*found)
		return true;
	if (url.len == 0)
		url = str_eq_nocase(mode, STR("ipv6")) ? STR("http://[fd00:ec2::254]")
						       : STR("http://169.254.169.254");
	while (str_ends(url, STR("/")))
		url.len--;
	*instance = (struct instance){.session = session,
				      .url = arena_str(&session->arena, url),
				      .timeout_ms = INSTANCE_TIMEOUT_MS,
				      .attempts = 1,
				      .tried = arena_str(&session->arena, tried)};
	if (str_to_int64(env_get(session->env, "AWS_METADATA_SERVICE_TIMEOUT"), &seconds) &&
	    seconds > 0 && seconds <= 60)
		instance->timeout_ms = seconds * 1000;
	if (str_to_int64(env_get(session->env, "AWS_METADATA_SERVICE_NUM_ATTEMPTS"), &attempts) &&
	    attempts > 0 && attempts <= INSTANCE_ATTEMPTS_MAX)
		instance->attempts = attempts;
	*source = (struct credential_source){
		.name = "EC2 instance metadata", .fetch = fetch_instance, .ctx = instance};
	return true;
}
