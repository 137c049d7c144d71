/* Bedrock's runtime: who may ask, what goes wrong, and which operation answers. */
#include "aws_checks.h"
#include "aws_embed.h"
#include "aws_models.h"
#include "aws_sigv4.h"
#include "aws_stream.h"
#include "base/encode.h"
#include "value/json.h"
#include "value/put.h"

static void refuse(struct asked_model *asked, int status, const char *code, struct str message)
{
	aws_refuse(asked->state, asked->request, asked->answer, status, code, message);
}

/* "/model/ID/ACTION": the id is decoded. */
static bool parse_path(struct asked_model *asked, struct str *action)
{
	SCOPED(buf) struct buf id = BUF_INIT;
	struct str rest = str_skip(asked->request->path, sizeof("/model/") - 1);
	ptrdiff_t slash = str_rfind_char(rest, '/');

	if (slash <= 0)
		return false;
	percent_decode(str_slice(rest, 0, (size_t)slash), &id);
	asked->model = arena_str(asked->arena, buf_str(&id));
	*action = str_skip(rest, (size_t)slash + 1);
	return true;
}

static bool check_access(struct asked_model *asked)
{
	struct str sent = headers_get(&asked->request->headers, STR("authorization"));
	struct sigv4_refusal refusal;

	if (str_starts(sent, STR("Bearer "))) {
		if (str_eq(str_skip(sent, 7), asked->state->emulator->scenario->aws.bearer_token))
			return true;
		refuse(asked, 403, "AccessDeniedException",
		       STR("Authentication failed: the API key is not valid"));
		return false;
	}
	if (sigv4_check(asked->state, asked->request, "bedrock", &refusal))
		return true;
	refuse(asked, refusal.status, refusal.code, refusal.message);
	return false;
}

/* ---- Quotas: a bucket for each model, filled evenly ---- */

static struct bucket *bucket_of(struct asked_model *asked, const struct scenario_quotas *quotas)
{
	struct aws_state *state = asked->state;

	for (size_t i = 0; i < state->buckets.len; i++) {
		if (str_eq(state->buckets.items[i].model, asked->model))
			return &state->buckets.items[i];
	}
	if (state->buckets.len >= BUCKETS_MAX)
		return NULL;
	VEC_PUSH(&state->buckets, (struct bucket){.model = arena_str(&state->arena, asked->model),
						  .left = (double)MAX_OF(quotas->bucket, 1),
						  .tokens = (double)quotas->tokens_per_minute,
						  .at_ms = asked->request->at_ms});
	return &state->buckets.items[state->buckets.len - 1];
}

static void refill(struct bucket *bucket, const struct scenario_quotas *quotas, int64_t now_ms)
{
	double minutes =
		(double)(now_ms - bucket->at_ms) * (double)MAX_OF(quotas->clock_scale, 1) / 60000.0;
	size_t open = 0;

	bucket->left = MIN_OF(bucket->left + minutes * (double)quotas->requests_per_minute,
			      (double)MAX_OF(quotas->bucket, 1));
	bucket->tokens += minutes * (double)quotas->tokens_per_minute;
	for (size_t i = 0; i < bucket->settlements.len; i++) {
		struct settlement settlement = bucket->settlements.items[i];

		if (settlement.due_ms <= now_ms)
			bucket->tokens += settlement.tokens;
		else
			bucket->settlements.items[open++] = settlement;
	}
	bucket->settlements.len = open;
	bucket->tokens = MIN_OF(bucket->tokens, (double)quotas->tokens_per_minute);
	bucket->at_ms = now_ms;
}

static int64_t max_tokens_of(const struct asked_model *asked)
{
	return asked->messages
		       ? value_get_int(asked->body, "max_tokens", 0)
		       : value_get_int(value_get(asked->body, "inferenceConfig"), "maxTokens", 0);
}

/* NULL, or why the call is refused. */
static const char *take_quota(struct asked_model *asked)
{
	const struct scenario_quotas *quotas = &asked->state->emulator->scenario->aws.quotas;
	double tokens = (double)(tokens_of(asked) + max_tokens_of(asked));
	struct bucket *bucket;

	if (!quotas->requests_per_minute && !quotas->tokens_per_minute)
		return NULL;
	bucket = bucket_of(asked, quotas);
	if (!bucket)
		return "Too many models, please wait before trying again.";
	refill(bucket, quotas, asked->request->at_ms);
	if (quotas->requests_per_minute && bucket->left < 1)
		return "Too many requests, please wait before trying again.";
	if (quotas->tokens_per_minute && bucket->tokens < tokens)
		return "Too many tokens, please wait before trying again.";
	bucket->left -= 1;
	bucket->tokens -= tokens;
	return NULL;
}

/* What was held back for an answer of full length and not used comes back at its end. */
static void settle(struct asked_model *asked, const struct emulated_reply *reply)
{
	const struct scenario_quotas *quotas = &asked->state->emulator->scenario->aws.quotas;
	struct bucket *bucket = quotas->tokens_per_minute ? bucket_of(asked, quotas) : NULL;

	if (bucket)
		VEC_PUSH(&bucket->settlements,
			 (struct settlement){asked->request->at_ms + reply->latency_ms,
					     (double)(max_tokens_of(asked) - reply->spent.output)});
}

/* ---- Operations ---- */

static bool check_body(struct asked_model *asked)
{
	const char *why =
		asked->messages ? messages_refusal(asked->body) : converse_refusal(asked->body);

	const struct aws_model_refusal *refusal;

	if (why) {
		refuse(asked, 400, "ValidationException", str_from(why));
		return false;
	}
	if (!model_refuses(asked, &refusal))
		return true;
	refuse(asked, refusal->status, refusal->code, str_from(refusal->message));
	return false;
}

static void answer_whole(struct asked_model *asked)
{
	struct emulated_reply reply;

	if (!check_body(asked))
		return;
	reply_build(asked, &reply);
	settle(asked, &reply);
	answer_json(asked->request, asked->answer, 200,
		    asked->messages ? messages_answer(asked, &reply)
				    : converse_answer(asked, &reply));
	answer_header(asked->answer, STR("X-Amzn-Bedrock-Input-Token-Count"),
		      arena_printf(asked->arena, "%lld", (long long)reply.spent.input));
	answer_header(asked->answer, STR("X-Amzn-Bedrock-Output-Token-Count"),
		      arena_printf(asked->arena, "%lld", (long long)reply.spent.output));
	aws_request_id(asked->state, asked->answer);
	asked->answer->delay_ms += reply.latency_ms;
	asked->answer->held = reply.is_held;
}

static void answer_stream(struct asked_model *asked)
{
	struct frames frames = {0};
	struct emulated_reply reply;

	if (!check_body(asked))
		return;
	reply_build(asked, &reply);
	settle(asked, &reply);
	if (asked->messages)
		messages_frames(asked, &reply, &frames);
	else
		converse_frames(asked, &reply, &frames);
	stream_send(asked, &reply, &frames);
	VEC_RELEASE(&frames);
}

static void answer_invoke(struct asked_model *asked)
{
	if (!embed_answer(asked))
		answer_whole(asked);
}

/* Base models only: a profile is refused, as the service does it. */
static void answer_count(struct asked_model *asked)
{
	const struct value *input = value_get(asked->body, "input");
	const struct value *converse = value_get(input, "converse");
	struct str base64 = value_get_string(value_get(input, "invokeModel"), "body");
	SCOPED(buf) struct buf text = BUF_INIT;
	struct value *root = value_object(asked->arena);
	struct error ignored = {0};

	if (!str_starts(asked->model, STR("anthropic."))) {
		refuse(asked, 400, "ValidationException",
		       STR("The provided model doesn't support counting tokens."));
		return;
	}
	asked->messages = !converse;
	asked->body = converse;
	if (!converse && base64_decode(base64, &text))
		asked->body = json_read(asked->arena, buf_str(&text), 0, &ignored);
	if (!value_is(asked->body, VALUE_OBJECT)) {
		refuse(asked, 400, "ValidationException", STR("input is not valid"));
		return;
	}
	put_int(asked->arena, root, "inputTokens", tokens_of(asked));
	answer_json(asked->request, asked->answer, 200, root);
	aws_request_id(asked->state, asked->answer);
}

static const struct bedrock_action {
	struct str name, operation;
	bool messages;
	void (*run)(struct asked_model *asked);
} actions[] = {
	{STR_INIT("converse"), STR_INIT("converse"), false, answer_whole},
	{STR_INIT("converse-stream"), STR_INIT("converse-stream"), false, answer_stream},
	{STR_INIT("count-tokens"), STR_INIT("count-tokens"), false, answer_count},
	{STR_INIT("invoke"), STR_INIT("invoke"), true, answer_invoke},
	{STR_INIT("invoke-with-response-stream"), STR_INIT("invoke-stream"), true, answer_stream},
};

static void run(struct asked_model *asked, const struct bedrock_action *action)
{
	struct error ignored = {0};
	const char *refusal;

	asked->operation = action->operation;
	asked->messages = action->messages;
	asked->body = json_read(asked->arena, buf_str(&asked->request->body), 0, &ignored);
	asked_read(asked);
	if (emulator_fault(asked->state->emulator, asked->request, action->operation, asked->answer,
			   &asked->fault))
		return;
	if (!check_access(asked))
		return;
	if (asked->fault &&
	    aws_fault_answer(asked->state, asked->request, asked->answer, asked->fault))
		return;
	if (!value_is(asked->body, VALUE_OBJECT)) {
		refuse(asked, 400, "ValidationException", STR("the body is not a JSON object"));
		return;
	}
	refusal = take_quota(asked);
	if (refusal) {
		refuse(asked, 429, "ThrottlingException", str_from(refusal));
		return;
	}
	action->run(asked);
}

void aws_bedrock(struct emulator *emulator, struct request *request, struct answer *answer)
{
	struct asked_model asked = {.state = emulator->aws,
				    .request = request,
				    .answer = answer,
				    .arena = &request->arena};
	struct str action;

	if (!str_eq(request->method, STR("POST")) || !parse_path(&asked, &action)) {
		aws_refuse(emulator->aws, request, answer, 404, "UnknownOperationException",
			   STR("no such operation"));
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		if (str_eq(actions[i].name, action)) {
			run(&asked, &actions[i]);
			return;
		}
	}
	refuse(&asked, 404, "UnknownOperationException", STR("no such operation"));
}

/* ---- What Bedrock says about a model ---- */

static void set_time(struct arena *arena, struct value *object, const char *name, struct str day)
{
	if (day.len)
		put_text(arena, object, name, arena_printf(arena, "%.*sT00:00:00Z", STR_ARG(day)));
}

static void describe(struct asked_model *asked)
{
	struct arena *arena = asked->arena;
	struct value *root = value_object(arena);
	struct value *details = value_object(arena);
	struct value *lifecycle = value_object(arena);
	struct str end = model_end_of_life(asked);

	put_word(arena, lifecycle, "status", end.len ? "LEGACY" : "ACTIVE");
	set_time(arena, lifecycle, "startOfLifeTime", STR("2025-09-29"));
	set_time(arena, lifecycle, "endOfLifeTime", end);
	put_text(arena, details, "modelArn",
		 arena_printf(arena, "arn:aws:bedrock:us-east-1::foundation-model/%.*s",
			      STR_ARG(asked->model)));
	put_text(arena, details, "modelId", asked->model);
	value_set(arena, details, "modelLifecycle", lifecycle);
	value_set(arena, root, "modelDetails", details);
	answer_json(asked->request, asked->answer, 200, root);
	aws_request_id(asked->state, asked->answer);
}

void aws_foundation_model(struct emulator *emulator, struct request *request, struct answer *answer)
{
	SCOPED(buf) struct buf id = BUF_INIT;
	struct asked_model asked = {.state = emulator->aws,
				    .request = request,
				    .answer = answer,
				    .arena = &request->arena};

	percent_decode(str_skip(request->path, sizeof("/foundation-models/") - 1), &id);
	asked.model = arena_str(asked.arena, buf_str(&id));
	if (emulator_fault(emulator, request, STR("get-foundation-model"), answer, &asked.fault) ||
	    !check_access(&asked) ||
	    (asked.fault && aws_fault_answer(emulator->aws, request, answer, asked.fault)))
		return;
	if (!str_eq(request->method, STR("GET")) || str_starts(asked.model, STR("us.")) ||
	    str_starts(asked.model, STR("global.")))
		refuse(&asked, 400, "ValidationException",
		       STR("The provided model identifier is invalid."));
	else
		describe(&asked);
}
