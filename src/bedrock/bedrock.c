/* A model on Bedrock for the engine: one attempt, streamed or not, with either API. */
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

/* How often one call is sent again: after that, no optional feature is left. */
enum { REFUSALS_MAX = FEATURE_COUNT };

/* How long to wait for events after the stop event (the usage). */
enum { ENDED_IDLE_MS = 5000 };

/* How many bytes of events are read between two pauses. */
enum { PAUSE_SIZE = 4 << 10 };

/* The differences between the two APIs. */
struct api {
	const char *action, *stream_action;
	struct value *(*request)(struct arena *arena, const struct request_options *options,
				 const struct chat *chat, struct error *err);
	bool (*read_reply)(struct assembly *assembly, struct str body, struct error *err);
	bool (*read_event)(struct assembly *assembly, const struct stream_event *event,
			   struct error *err);
};

static const struct api apis[] = {
	[MODEL_API_CONVERSE] = {"converse", "converse-stream", converse_request,
				converse_reply_read, converse_event_read},
	[MODEL_API_MESSAGES] = {"invoke", "invoke-with-response-stream", messages_request,
				messages_reply_read, messages_event_read},
};

/* One call in progress. */
struct bedrock_question {
	struct bedrock *bedrock;
	const struct api *api;
	const struct chat *chat;
	const struct watch *watch;
	struct shared_body body;
	struct refusal_request written; /* what a refusal of it can mean */
	bool stream;
	bool answers_as_json; /* instead of the answer tool's call */
	struct bedrock_call call;
	struct assembly assembly;
	struct reply *reply;
};

static void bedrock_question_release(struct bedrock_question *question)
{
	http_headers_release(&question->call.headers);
	shared_body_release(&question->body);
	assembly_release(&question->assembly);
}

/* ---- The request ---- */

static void add_header(struct bedrock_question *question, const char *name, struct str value)
{
	if (value.len)
		http_header_add(&question->call.headers, str_from(name), value);
}

/* InvokeModel has these in headers, Converse in the body. */
static void add_invoke_headers(struct bedrock_question *question,
			       const struct request_options *options)
{
	struct arena *arena = question->chat->arena;
	struct value *metadata =
		options->no_metadata ? NULL : request_metadata(arena, &question->chat->origin);
	SCOPED(buf) struct buf text = BUF_INIT;

	if (options->guardrail_id.len) {
		add_header(question, "X-Amzn-Bedrock-GuardrailIdentifier", options->guardrail_id);
		add_header(question, "X-Amzn-Bedrock-GuardrailVersion",
			   options->guardrail_version.len ? options->guardrail_version
							  : STR("DRAFT"));
	}
	add_header(question, "X-Amzn-Bedrock-Service-Tier", options->service_tier);
	add_header(question, "X-Amzn-Bedrock-ProjectIdentifier", options->project);
	if (!metadata)
		return;
	json_write(&text, metadata, JSON_COMPACT);
	add_header(question, "X-Amzn-Bedrock-Request-Metadata", arena_str(arena, buf_str(&text)));
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

/* Frees what the body shares with no other. */
static void on_body_sent(void *ctx)
{
	struct bedrock_question *question = ctx;

	buf_release(&question->body.end);
	question->call.body_end = STR_EMPTY;
}

static void write_body(struct bedrock_question *question, const struct value *tree)
{
	struct bedrock_call *call = &question->call;

	shared_body_release(&question->body);
	shared_body_write(&question->body, tree, &question->bedrock->starts);
	call->body = question->body.begin;
	call->body_end = buf_str(&question->body.end);
	call->body_digest = &question->body.digest;
	call->body_sent = question->stream ? on_body_sent : NULL;
	call->body_sent_ctx = question;
}

/* Notes what is needed to read the answer, and to learn from a refusal. */
static void note_fitted(struct bedrock_question *question, const struct fitted *fitted)
{
	question->written =
		(struct refusal_request){fitted->used, fitted->chat.inference.max_tokens};
	question->stream = fitted->stream;
	question->answers_as_json = fitted->answers_as_json;
	if (request_output_way(&fitted->model, &fitted->chat) == OUTPUT_TOOL)
		question->assembly.output_tool = request_output_name(question->chat);
}

/*
 * Writes the body, and what goes into headers.  What it is made from is gone before the answer is waited for: it
 * is larger than the body, and a thousand questions may wait at once.
 */
static bool write_request(struct bedrock_question *question, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct bedrock *bedrock = question->bedrock;
	const struct fit_source source = {.model = &bedrock->model,
					  .chat = question->chat,
					  .refusals = bedrock->refusals,
					  .service_tier = bedrock->service_tier};
	struct fitted *fitted = ARENA_NEW(&arena, struct fitted);
	struct request_options options;
	struct value *tree;

	request_fit(&arena, &source, fitted);
	options = options_of(bedrock, fitted);
	tree = question->api->request(&arena, &options, &fitted->chat, err);
	if (!tree)
		return false;
	note_fitted(question, fitted);
	task_breathe();
	write_body(question, tree);
	http_headers_release(&question->call.headers);
	if (bedrock->api == MODEL_API_MESSAGES)
		add_invoke_headers(question, &options);
	return true;
}

/* ---- The answer ---- */

/* Takes all events that have arrived. */
static bool read_events(struct bedrock_question *question, struct eventstream *events,
			struct stream_event *event, struct error *err)
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
		if (!question->api->read_event(&question->assembly, event, err))
			return false;
	}
	return false;
}

static bool read_stream(struct bedrock_question *question, struct bedrock_stream *stream,
			struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(eventstream) struct eventstream events = EVENTSTREAM_INIT;
	struct stream_event *event = ARENA_NEW(&arena, struct stream_event);

	while (stream->chunk.len) {
		eventstream_feed(&events, stream->chunk);
		if (!read_events(question, &events, event, err))
			return false;
		/* A complete answer is kept even if the connection stays open, or breaks. */
		if (question->assembly.ended)
			stream_set_idle_timeout(stream->http, ENDED_IDLE_MS);
		if (stream_next(stream->http, &stream->chunk, err))
			continue;
		if (!question->assembly.ended || err->kind == ERROR_CANCELLED)
			return false;
		log_debug("bedrock", "the answer is complete, but not its connection: %s",
			  err->message);
		*err = (struct error){0};
		return true;
	}
	return eventstream_end(&events, err);
}

/* Reports how much of a broken answer arrived, and keeps the request id for support. */
static bool broken(struct bedrock_question *question, struct bedrock_stream *stream,
		   struct error *err)
{
	struct str id = http_header_get(stream_headers(stream->http), "x-amzn-requestid");

	if (err->kind == ERROR_CANCELLED)
		return false;
	if (question->assembly.size)
		error_append(err, "; %zu bytes of the answer had arrived", question->assembly.size);
	if (id.len < sizeof(err->request_id)) {
		for (size_t i = 0; i < id.len; i++)
			err->request_id[i] = id.ptr[i];
		err->request_id[id.len] = '\0';
	}
	return false;
}

/* The body is written again if the session has expired: it is gone when it is sent. */
static bool open_stream(struct bedrock_question *question, struct bedrock_stream *stream,
			struct error *err)
{
	struct bedrock *bedrock = question->bedrock;

	for (int attempt = 1;; attempt++) {
		if (bedrock_open(bedrock, &question->call, question->watch, stream, err))
			return true;
		bedrock_stream_release(stream);
		if (!bedrock_try_afresh(bedrock, attempt, err) || !write_request(question, err))
			return false;
	}
}

static bool ask_streamed(struct bedrock_question *question, struct error *err)
{
	SCOPED(bedrock_stream) struct bedrock_stream stream = {0};
	struct reply *reply = question->reply;
	int64_t first_byte_ms;

	question->call.action = question->api->stream_action;
	question->call.accept = "application/vnd.amazon.eventstream";
	if (!open_stream(question, &stream, err))
		return false;
	if (!read_stream(question, &stream, err) ||
	    !assembly_finish(&question->assembly, reply, err))
		return broken(question, &stream, err);
	task_breathe();
	first_byte_ms = stream_first_byte_ms(stream.http);
	reply->request_id =
		arena_str(question->chat->arena,
			  http_header_get(stream_headers(stream.http), "x-amzn-requestid"));
	reply->latency_ms = clock_ms(question->bedrock->session->clock) - stream.sent_ms;
	reply->first_byte_ms = MAX_OF(first_byte_ms - stream.sent_ms, 0);
	return true;
}

static bool ask_whole(struct bedrock_question *question, struct error *err)
{
	SCOPED(http_response) struct http_response response = {0};
	const struct watch *watch = question->watch;
	const struct clock *clock = question->bedrock->session->clock;
	struct reply *reply = question->reply;
	int64_t sent_ms = clock_ms(clock);

	question->call.action = question->api->action;
	question->call.accept = "application/json";
	question->call.silent = true;
	if (watch && watch->sent)
		watch->sent(watch->ctx);
	if (!bedrock_post(question->bedrock, &question->call, &response, err))
		return false;
	if (watch && watch->first_byte)
		watch->first_byte(watch->ctx);
	if (!question->api->read_reply(&question->assembly, buf_str(&response.body), err) ||
	    !assembly_finish(&question->assembly, reply, err))
		return false;
	reply->request_id = arena_str(question->chat->arena,
				      http_header_get(&response.headers, "x-amzn-requestid"));
	reply->latency_ms = clock_ms(clock) - sent_ms;
	reply->first_byte_ms = MAX_OF(response.first_byte_ms - sent_ms, 0);
	return true;
}

/* Sends the chat, once. */
static bool ask_once(struct bedrock_question *question, struct error *err)
{
	const struct chat *chat = question->chat;
	const struct watch *watch = question->watch;
	struct reply *reply = question->reply;
	bool ok;

	if (!write_request(question, err))
		return false;
	ok = question->stream ? ask_streamed(question, err) : ask_whole(question, err);
	if (!ok && question->assembly.size && watch && watch->billed)
		watch->billed(watch->ctx, &question->assembly.usage);
	if (ok && question->assembly.output_tool.len)
		reply_unwrap_output(chat->arena, reply, question->assembly.output_tool);
	if (ok && question->answers_as_json)
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

/* A call with a rejected optional part is sent again without it: this is not another attempt. */
static bool bedrock_ask(void *ctx, const struct chat *chat, const struct watch *watch,
			struct reply *reply, struct error *err)
{
	struct bedrock *bedrock = ctx;

	for (int refusals = 0;; refusals++) {
		struct reply answer = {.model = bedrock->model.id, .attempts = 1};
		SCOPED(bedrock_question)
		struct bedrock_question question = {
			.bedrock = bedrock,
			.api = &apis[bedrock->api],
			.chat = chat,
			.watch = watch,
			.call = {.model_id = bedrock->model.id,
				 .attempt = &chat->origin.attempt,
				 .bare = true},
			.assembly = {.arena = chat->arena, .watch = watch},
			.reply = &answer,
		};
		feature_set learned;

		task_breathe();
		if (ask_once(&question, err)) {
			log_answer(&answer);
			answer.refused = bedrock->refusals->refused;
			answer.refusals = refusals;
			*reply = answer;
			return true;
		}
		if (refusals == REFUSALS_MAX ||
		    !refusal_learn(bedrock->refusals, &question.written, err, &learned))
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

/* Keys of the model take precedence over those of the session. */
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
	bedrock->refusals =
		refusals_of(&session->refusals, &session->arena, model->region, model->id);
	model->ops = &bedrock_ops;
	model->ctx = bedrock;
	return true;
}
