/* CountTokens, and an estimate where the service counts none for a model. */
#include "bedrock/operations.h"

#include "base/encode.h"
#include "base/log.h"
#include "base/tokens.h"
#include "bedrock/cache_points.h"
#include "bedrock/chat_body.h"
#include "bedrock/fit.h"
#include "bedrock/model_id.h"
#include "bedrock/transport.h"
#include "value/json.h"
#include "value/put.h"

/* {"input":{"converse":{...}}} takes a part of what Converse takes. */
static struct value *converse_input(struct arena *arena, const struct value *body)
{
	static const char *const kept[] = {"messages", "system", "toolConfig",
					   "additionalModelRequestFields"};
	struct value *root = value_object(arena);
	struct value *converse = put_object(arena, put_object(arena, root, "input"), "converse");

	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		struct value *member = value_get(body, kept[i]);

		if (member)
			value_set(arena, converse, kept[i], member);
	}
	return root;
}

static struct value *invoke_input(struct arena *arena, const struct value *body)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf base64 = BUF_INIT;
	struct value *root = value_object(arena);
	struct value *invoke = put_object(arena, put_object(arena, root, "input"), "invokeModel");

	json_write(&text, body, JSON_COMPACT);
	base64_add(&base64, buf_str(&text));
	put_text(arena, invoke, "body", buf_str(&base64));
	return root;
}

static bool count_by_service(struct bedrock *bedrock, const struct chat *chat, int64_t *tokens,
			     struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf body = BUF_INIT;
	SCOPED(http_response) struct http_response response = {0};
	bool converse = bedrock->api == MODEL_API_CONVERSE;
	struct fit_source source = {
		.model = &bedrock->model, .chat = chat, .refusals = bedrock->refusals};
	struct fitted fitted;
	struct request_options options = {.model = &fitted.model,
					  .fields = bedrock->request_fields,
					  .anthropic_version = bedrock->anthropic_version};
	/* The service counts only for base models: for a profile, the model behind it is used. */
	struct bedrock_call call = {.model_id = model_id_base(bedrock->model.id),
				    .action = "count-tokens",
				    .accept = "application/json",
				    .attempt = &chat->origin.attempt};
	struct value *request;
	const struct value *answer;

	request_fit(&arena, &source, &fitted);
	request = converse ? converse_request(&arena, &options, &fitted.chat, err)
			   : messages_request(&arena, &options, &fitted.chat, err);
	if (!request)
		return false;
	json_write(&body,
		   converse ? converse_input(&arena, request) : invoke_input(&arena, request),
		   JSON_COMPACT);
	call.body = buf_str(&body);
	if (!bedrock_post(bedrock, &call, &response, err))
		return false;
	answer = json_read(&arena, buf_str(&response.body), 0, err);
	*tokens = value_get_int(answer, "inputTokens", -1);
	if (!answer || *tokens < 0)
		return error_set(err, ERROR_PROTOCOL,
				 "the answer of CountTokens has no \"inputTokens\"");
	return true;
}

/* The service counts only for some models; for others it returns an error. */
static bool is_refusal(const struct error *err)
{
	return err->kind == ERROR_INVALID || err->kind == ERROR_NOT_FOUND ||
	       err->kind == ERROR_DENIED;
}

bool bedrock_count(void *ctx, const struct chat *chat, int64_t *tokens, bool *estimated,
		   struct error *err)
{
	struct bedrock *bedrock = ctx;
	struct error failed = {0};

	*estimated = false;
	if (count_by_service(bedrock, chat, tokens, &failed))
		return true;
	if (!is_refusal(&failed)) {
		*err = failed;
		return false;
	}
	log_info("bedrock", "the service does not count these tokens: %s", failed.message);
	*tokens = model_tokens(&bedrock->model.traits, tokens_of_chat(chat) * BYTES_PER_TOKEN);
	*estimated = true;
	return true;
}
