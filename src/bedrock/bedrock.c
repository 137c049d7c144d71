/* A model on Bedrock as the engine asks it: one attempt, streamed or not, in either API. */
#include "bedrock/bedrock.h"

#include "base/log.h"
#include "bedrock/chat_body.h"
#include "bedrock/fit.h"
#include "bedrock/operations.h"
#include "bedrock/reply.h"
#include "bedrock/transport.h"
#include "credentials/sources.h"
#include "task/task.h"
#include "value/json.h"

/* More often than this one call is not sent again: there are no more features to leave out. */
enum { REFUSALS_MAX = FEATURE_COUNT };

/* How long what follows the stop event (the usage) is waited for. */
enum { ENDED_IDLE_MS = 5000 };

/* How many bytes of events are read between two pauses. */
enum { PAUSE_SIZE = 4 << 10 };

/* What the two APIs do differently. */
struct api {
	const char *action, *stream_action;
	struct value *(*request)(struct arena *arena, const struct request_options *options,
				 const struct chat *chat, struct error *err);
	bool (*read_reply)(struct assembly *assembly, struct str body, struct error *err);
	bool (*read_event)(struct assembly *assembly, const struct event *event, struct error *err);
};

static const struct api apis[] = {
	[MODEL_API_CONVERSE] = {"converse", "converse-stream", converse_request,
				converse_reply_read, converse_event_read},
	[MODEL_API_MESSAGES] = {"invoke", "invoke-with-response-stream", messages_request,
				messages_reply_read, messages_event_read},
};

/* One question on its way. */
struct asking {
	struct bedrock *bedrock;
	const struct api *api;
	const struct chat *chat;
	const struct watch *watch;
	struct bedrock_call call;
	struct assembly assembly;
	struct reply *reply;
};

/* Takes all events that have arrived. */
static bool read_events(struct asking *asking, struct eventstream *events, struct event *event,
			struct error *err)
{
	bool found = true;
	size_t size = 0;

	while (eventstream_next(events, event, &found, err)) {
		if (!found)
			return true;
		size += event->payload.len;
		if (size >= PAUSE_SIZE) {
			size = 0;
			task_breathe();
		}
		if (!asking->api->read_event(&asking->assembly, event, err))
			return false;
	}
	return false;
}

static bool read_stream(struct asking *asking, struct bedrock_stream *stream, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(eventstream) struct eventstream events = EVENTSTREAM_INIT;
	struct event *event = ARENA_NEW(&arena, struct event);

	while (stream->chunk.len) {
		eventstream_feed(&events, stream->chunk);
		if (!read_events(asking, &events, event, err))
			return false;
		/* A complete answer is not lost to a connection that stays open, or breaks. */
		if (asking->assembly.ended)
			stream_set_idle_timeout(stream->http, ENDED_IDLE_MS);
		if (stream_next(stream->http, &stream->chunk, err))
			continue;
		if (!asking->assembly.ended || err->kind == ERROR_CANCELLED)
			return false;
		log_debug("bedrock", "the answer is complete, but not its connection: %s",
			  err->message);
		*err = (struct error){0};
		return true;
	}
	return eventstream_end(&events, err);
}

/* Says how far an answer came that broke off, and keeps the request's id for support. */
static bool broken(struct asking *asking, struct bedrock_stream *stream, struct error *err)
{
	struct str id = http_header_get(stream_headers(stream->http), "x-amzn-requestid");

	if (err->kind == ERROR_CANCELLED)
		return false;
	if (asking->assembly.size)
		error_append(err, "; %zu bytes of the answer had arrived", asking->assembly.size);
	if (id.len < sizeof(err->request_id)) {
		for (size_t i = 0; i < id.len; i++)
			err->request_id[i] = id.ptr[i];
		err->request_id[id.len] = '\0';
	}
	return false;
}

static bool ask_streamed(struct asking *asking, struct error *err)
{
	SCOPED(bedrock_stream) struct bedrock_stream stream = {0};
	struct reply *reply = asking->reply;
	int64_t first_byte_ms;

	asking->call.action = asking->api->stream_action;
	asking->call.accept = "application/vnd.amazon.eventstream";
	if (!bedrock_open(asking->bedrock, &asking->call, asking->watch, &stream, err))
		return false;
	if (!read_stream(asking, &stream, err) || !assembly_finish(&asking->assembly, reply, err))
		return broken(asking, &stream, err);
	task_breathe();
	first_byte_ms = stream_first_byte_ms(stream.http);
	reply->request_id =
		arena_str(asking->chat->arena,
			  http_header_get(stream_headers(stream.http), "x-amzn-requestid"));
	reply->latency_ms = clock_ms(asking->bedrock->session->clock) - stream.sent_ms;
	reply->first_byte_ms = MAX_OF(first_byte_ms - stream.sent_ms, 0);
	return true;
}

static bool ask_whole(struct asking *asking, struct error *err)
{
	SCOPED(http_response) struct http_response response = {0};
	const struct watch *watch = asking->watch;
	const struct clock *clock = asking->bedrock->session->clock;
	struct reply *reply = asking->reply;
	int64_t sent_ms = clock_ms(clock);

	asking->call.action = asking->api->action;
	asking->call.accept = "application/json";
	asking->call.silent = true;
	if (watch && watch->sent)
		watch->sent(watch->ctx);
	if (!bedrock_post(asking->bedrock, &asking->call, &response, err))
		return false;
	if (watch && watch->first_byte)
		watch->first_byte(watch->ctx);
	if (!asking->api->read_reply(&asking->assembly, buf_str(&response.body), err) ||
	    !assembly_finish(&asking->assembly, reply, err))
		return false;
	reply->request_id = arena_str(asking->chat->arena,
				      http_header_get(&response.headers, "x-amzn-requestid"));
	reply->latency_ms = clock_ms(clock) - sent_ms;
	reply->first_byte_ms = MAX_OF(response.first_byte_ms - sent_ms, 0);
	return true;
}

static void add_header(struct asking *asking, const char *name, struct str value)
{
	if (value.len)
		http_header_add(&asking->call.headers, str_from(name), value);
}

/* What Converse has in the body, InvokeModel has in headers. */
static void add_invoke_headers(struct asking *asking, const struct request_options *options,
			       struct arena *arena)
{
	struct value *metadata =
		options->no_metadata ? NULL : request_metadata(arena, &asking->chat->origin);
	SCOPED(buf) struct buf text = BUF_INIT;

	if (options->guardrail_id.len) {
		add_header(asking, "X-Amzn-Bedrock-GuardrailIdentifier", options->guardrail_id);
		add_header(asking, "X-Amzn-Bedrock-GuardrailVersion",
			   options->guardrail_version.len ? options->guardrail_version
							  : STR("DRAFT"));
	}
	add_header(asking, "X-Amzn-Bedrock-Service-Tier", options->service_tier);
	add_header(asking, "X-Amzn-Bedrock-ProjectIdentifier", options->project);
	if (!metadata)
		return;
	json_write(&text, metadata, JSON_COMPACT);
	add_header(asking, "X-Amzn-Bedrock-Request-Metadata", arena_str(arena, buf_str(&text)));
}

static struct request_options options_of(const struct bedrock *bedrock, const struct fitted *fitted)
{
	return (struct request_options){
		.model = &fitted->model,
		.guardrail_id = bedrock->guardrail_id,
		.guardrail_version = bedrock->guardrail_version,
		.fields = bedrock->request_fields,
		.anthropic_version = bedrock->anthropic_version,
		.stream = fitted->stream,
		.service_tier = fitted->service_tier,
		.project = bedrock->project,
		.no_metadata = fitted->no_metadata,
		.no_status = fitted->no_status,
		.loose_schema = fitted->loose_schema,
		.strict_tools = fitted->strict_tools,
	};
}

/*
 * Writes the body, and what goes into headers.  What it is made from is gone before the answer is waited for: it
 * is larger than the body, and a thousand questions may wait at once.
 */
static bool write_request(struct asking *asking, const struct fitted *fitted,
			  struct shared_body *body, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct request_options options = options_of(asking->bedrock, fitted);
	struct value *tree = asking->api->request(&arena, &options, &fitted->chat, err);

	if (!tree)
		return false;
	task_breathe();
	json_write(&text, tree, JSON_COMPACT);
	shared_body_take(body, &text, &asking->bedrock->shared_start);
	if (asking->bedrock->api == MODEL_API_MESSAGES)
		add_invoke_headers(asking, &options, asking->chat->arena);
	return true;
}

/* Sends the chat as it was fitted, once. */
static bool ask_fitted(struct bedrock *bedrock, const struct fitted *fitted,
		       const struct chat *chat, const struct watch *watch, struct reply *reply,
		       struct error *err)
{
	SCOPED(shared_body) struct shared_body body = {0};
	struct asking asking = {
		.bedrock = bedrock,
		.api = &apis[bedrock->api],
		.chat = chat,
		.watch = watch,
		.call = {.model_id = bedrock->model.id,
			 .attempt = &chat->origin.attempt,
			 .bare = true},
		.assembly = {.arena = chat->arena, .watch = watch},
		.reply = reply,
	};
	bool ok;

	if (!write_request(&asking, fitted, &body, err))
		return false;
	if (request_output_way(&fitted->model, &fitted->chat) == OUTPUT_TOOL)
		asking.assembly.output_tool = request_output_name(chat);
	asking.call.body = body.begin;
	asking.call.body_end = buf_str(&body.end);
	ok = fitted->stream ? ask_streamed(&asking, err) : ask_whole(&asking, err);
	http_headers_release(&asking.call.headers);
	assembly_release(&asking.assembly);
	if (!ok && asking.assembly.size && watch && watch->billed)
		watch->billed(watch->ctx, &asking.assembly.usage);
	if (ok && asking.assembly.output_tool.len)
		reply_unwrap_output(chat->arena, reply, asking.assembly.output_tool);
	if (ok && fitted->answers_as_json)
		reply_wrap_answer(chat->arena, reply, chat->answer_tool);
	return ok;
}

static void log_answer(const struct reply *answer)
{
	log_debug("bedrock",
		  "stop=%.*s input=%lld output=%lld cache_read=%lld cache_write=%lld ms=%lld",
		  STR_ARG(answer->stop_text), (long long)answer->usage.input,
		  (long long)answer->usage.output, (long long)answer->usage.cache_read,
		  (long long)answer->usage.cache_write, (long long)answer->latency_ms);
}

/* A call whose optional part is refused is sent again without it: that is not another attempt. */
static bool bedrock_ask(void *ctx, const struct chat *chat, const struct watch *watch,
			struct reply *reply, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct bedrock *bedrock = ctx;
	struct fit_source source = {.model = &bedrock->model,
				    .chat = chat,
				    .lessons = bedrock->lessons,
				    .service_tier = bedrock->service_tier};

	for (int refusals = 0;; refusals++) {
		struct reply answer = {.model = bedrock->model.id, .attempts = 1};
		struct fitted fitted;
		feature_set learned;

		task_breathe();
		request_fit(&arena, &source, &fitted);
		if (ask_fitted(bedrock, &fitted, chat, watch, &answer, err)) {
			log_answer(&answer);
			answer.refused = bedrock->lessons->refused;
			answer.refusals = refusals;
			*reply = answer;
			return true;
		}
		struct refusal_request request = {fitted.used, fitted.chat.inference.max_tokens};
		if (refusals == REFUSALS_MAX ||
		    !refusal_learn(bedrock->lessons, &request, err, &learned))
			return bedrock_explain(bedrock, err);
		*err = (struct error){0};
	}
}

static const struct model_ops bedrock_ops = {
	.ask = bedrock_ask,
	.embed = bedrock_embed,
	.count = bedrock_count,
};

static struct str key_of(const struct secret *secret)
{
	return secret ? secret_str(secret) : STR_EMPTY;
}

/* Keys of the model's own go before those of the session. */
static bool find_provider(struct aws_session *session, const struct bedrock_settings *settings,
			  struct provider **provider, struct error *err)
{
	struct str id = key_of(settings->access_key_id);
	struct str key = key_of(settings->secret_access_key);
	struct credential_source source;

	if (id.len && key.len == 0)
		return error_set(err, ERROR_USAGE,
				 "it has an access key id but no secret access key");
	if (id.len) {
		source = source_keys(session, "models table", id, key,
				     key_of(settings->session_token));
		*provider = aws_session_provider(session, &source);
		return true;
	}
	if (!session->provider && !session->bearer) {
		*err = session->missing;
		return false;
	}
	*provider = session->provider;
	return true;
}

bool bedrock_model_init(struct aws_session *session, struct model *model,
			const struct bedrock_settings *settings, struct error *err)
{
	struct bedrock *bedrock = ARENA_NEW(&session->arena, struct bedrock);
	struct endpoint_options options = {
		.region = settings->region.len ? settings->region : session->region,
		.custom_url = session->bedrock_url,
		.fips = session->fips,
		.dual_stack = session->dual_stack,
	};

	if (!endpoint_resolve(&session->arena, AWS_BEDROCK_RUNTIME, &options, &bedrock->endpoint,
			      err))
		return error_wrap(err, "model \"%.*s\"", STR_ARG(model->alias));
	if (bedrock->endpoint.signing_region.len == 0)
		return error_set(err, ERROR_USAGE,
				 "model \"%.*s\": no AWS region is given; set %s or AWS_REGION",
				 STR_ARG(model->alias),
				 log_setting("the input \"aws-region\"", "--region"));
	if (!find_provider(session, settings, &bedrock->provider, err))
		return error_wrap(err, "model \"%.*s\"", STR_ARG(model->alias));
	model->region = bedrock->endpoint.signing_region;
	bedrock->session = session;
	bedrock->model = *model;
	bedrock->model.id = arena_str(&session->arena, model->id);
	bedrock->api = settings->api;
	bedrock->guardrail_id = arena_str(&session->arena, settings->guardrail_id);
	bedrock->guardrail_version = arena_str(&session->arena, settings->guardrail_version);
	bedrock->anthropic_version =
		settings->anthropic_version.len
			? arena_str(&session->arena, settings->anthropic_version)
			: STR("bedrock-2023-05-31");
	if (settings->request_fields)
		bedrock->request_fields = value_copy(&session->arena, settings->request_fields);
	bedrock->service_tier = arena_str(&session->arena, settings->service_tier);
	bedrock->project = arena_str(&session->arena, settings->project);
	bedrock->lessons = lessons_of(&session->lessons, &session->arena, model->region, model->id);
	model->ops = &bedrock_ops;
	model->ctx = bedrock;
	return true;
}
