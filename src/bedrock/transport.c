/* Calls to Bedrock over HTTP: addressed, authorized, and repeated once after an expired session. */
#include "bedrock/transport.h"

#include "aws/call.h"
#include "aws/errors.h"
#include "base/encode.h"
#include "base/log.h"

enum {
	ERROR_BODY_MAX = 1 << 20,
	ANSWER_SIZE_MAX = 64 << 20,
	/* A non-streamed answer can take as long as the longest one. */
	SILENT_IDLE_TIMEOUT_MS = 900000,
};

static struct str call_url(struct arena *arena, const struct bedrock *bedrock,
			   const struct bedrock_call *call)
{
	SCOPED(buf) struct buf url = BUF_INIT;

	buf_add(&url, bedrock->endpoint.url);
	buf_add(&url, STR("/model/"));
	percent_add(&url, call->model_id, NULL);
	buf_add_char(&url, '/');
	buf_add_text(&url, call->action);
	return arena_str(arena, buf_str(&url));
}

bool bedrock_authorize(struct bedrock *bedrock, const struct endpoint *endpoint,
		       struct arena *arena, struct http_request *request, struct error *err)
{
	const struct credentials *credentials;

	if (!bedrock->provider)
		return call_bear(arena, request, bedrock->session->bearer, err);
	return provider_get(bedrock->provider, &credentials, err) &&
	       call_sign(arena, request, endpoint, credentials,
			 clock_wall_ms(bedrock->session->clock), err);
}

/* Each part of a question is a separate call, and keeps its id when the question is repeated. */
static void number_call(struct bedrock *bedrock, struct arena *arena,
			const struct bedrock_call *call, struct http_request *request)
{
	char own[RANDOM_UUID_LEN + 1];
	struct call_attempt attempt = {.number = 1, .max = 1};

	if (call->attempt && call->attempt->number) {
		attempt = (struct call_attempt){.id = str_from(call->attempt->invocation_id),
						.number = call->attempt->number,
						.max = call->attempt->max};
		if (call->part)
			attempt.id = arena_printf(arena, "%.*s%08zx",
						  STR_ARG(str_slice(attempt.id, 0, 28)),
						  call->part & 0xffffffff);
	} else {
		random_uuid(&bedrock->session->random, own);
		attempt.id = str_from(own);
	}
	call_number(arena, request, &attempt);
}

/* Fills a request whose headers the caller releases, whatever this returns. */
static bool prepare(struct bedrock *bedrock, struct arena *arena, const struct bedrock_call *call,
		    struct http_request *request, struct error *err)
{
	*request = (struct http_request){
		.method = "POST",
		.url = call_url(arena, bedrock, call),
		.body = call->body,
		.body_end = call->body_end,
		.body_sent = call->body_sent,
		.body_sent_ctx = call->body_sent_ctx,
		.body_digest = call->body_digest,
		.idle_timeout_ms = call->silent ? SILENT_IDLE_TIMEOUT_MS : 0,
		.body_size_max = ANSWER_SIZE_MAX,
	};
	http_header_add(&request->headers, STR("Content-Type"), STR("application/json"));
	http_header_add(&request->headers, STR("Accept"), str_from(call->accept));
	for (size_t i = 0; i < call->headers.len; i++)
		http_header_add(&request->headers, call->headers.items[i].name,
				call->headers.items[i].value);
	number_call(bedrock, arena, call, request);
	return bedrock_authorize(bedrock, &bedrock->endpoint, arena, request, err);
}

bool bedrock_explain(const struct bedrock *bedrock, struct error *err)
{
	struct aws_error_scene scene = {.model = bedrock->model.id,
					.region = bedrock->model.region,
					.role = bedrock->session->role};

	if (err->kind == ERROR_CANCELLED)
		return false;
	return aws_error_explain(err, &scene);
}

bool bedrock_try_afresh(struct bedrock *bedrock, int attempt, struct error *err)
{
	if (attempt > 1 || !bedrock->provider || !aws_error_is_expiry(err) ||
	    !bedrock->provider->current.expires_ms)
		return false;
	log_info("bedrock", "the session expired early; retrying with new credentials");
	provider_expire(bedrock->provider);
	*err = (struct error){0};
	return true;
}

static bool post_once(struct bedrock *bedrock, const struct bedrock_call *call,
		      struct http_response *response, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct http_request request;
	bool ok = prepare(bedrock, &arena, call, &request, err) &&
		  call_send(bedrock->session->http, &request, response, err);

	http_headers_release(&request.headers);
	return ok;
}

bool bedrock_post(struct bedrock *bedrock, const struct bedrock_call *call,
		  struct http_response *response, struct error *err)
{
	for (int attempt = 1;; attempt++) {
		if (post_once(bedrock, call, response, err)) {
			log_debug("bedrock", "%s status=%d bytes=%zu", call->action,
				  response->status, response->body.len);
			return true;
		}
		if (!bedrock_try_afresh(bedrock, attempt, err))
			return call->bare ? false : bedrock_explain(bedrock, err);
	}
}

void bedrock_stream_release(struct bedrock_stream *stream)
{
	if (!stream)
		return;
	http_stream_free(stream->http);
	*stream = (struct bedrock_stream){0};
}

/* Reads the error that the service returns instead of a stream. */
static bool read_refusal(struct bedrock_stream *stream, struct error *err)
{
	SCOPED(buf) struct buf body = BUF_INIT;

	body.max = ERROR_BODY_MAX;
	while (stream->chunk.len) {
		if (!buf_take(&body, stream->chunk, "the error's text", err) ||
		    !stream_next(stream->http, &stream->chunk, err))
			return false;
	}
	return aws_error_read(stream_status(stream->http), stream_headers(stream->http),
			      buf_str(&body), err);
}

/* What the request is made from is gone before the answer is waited for. */
static bool begin(struct bedrock *bedrock, const struct bedrock_call *call,
		  struct bedrock_stream *stream, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct http_request request;
	bool ok = prepare(bedrock, &arena, call, &request, err);

	if (ok) {
		stream->sent_ms = clock_ms(bedrock->session->clock);
		stream->http = http_stream_new(bedrock->session->http, &request);
	}
	http_headers_release(&request.headers);
	return ok;
}

bool bedrock_open(struct bedrock *bedrock, const struct bedrock_call *call,
		  const struct watch *watch, struct bedrock_stream *stream, struct error *err)
{
	struct str type;
	int status;

	if (!begin(bedrock, call, stream, err))
		return false;
	if (watch && watch->sent)
		watch->sent(watch->ctx);
	if (!stream_next(stream->http, &stream->chunk, err))
		return false;
	status = stream_status(stream->http);
	if (status != 200)
		return read_refusal(stream, err);
	type = http_header_get(stream_headers(stream->http), "content-type");
	if (!str_starts_nocase(type, STR("application/vnd.amazon.eventstream")))
		return error_set(
			err, ERROR_PROTOCOL,
			"status 200 with \"%.*s\" instead of an event stream; a proxy or a login portal may have answered: check HTTPS_PROXY and the endpoint",
			STR_ARG(type));
	if (watch && watch->first_byte)
		watch->first_byte(watch->ctx);
	return true;
}
