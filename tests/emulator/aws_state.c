/* What the emulated AWS remembers, and how it refuses. */
#include "aws_state.h"

#include "base/buf.h"
#include "value/put.h"

struct aws_state *aws_state_new(struct emulator *emulator)
{
	const struct scenario *scenario = emulator->scenario;
	struct aws_state *state = NEW(struct aws_state);
	size_t replies = value_len(value_get(scenario->root, "replies"));

	state->emulator = emulator;
	state->reply_calls = ARENA_ARRAY(&state->arena, int64_t, replies + 1);
	VEC_PUSH(&state->keys,
		 (struct key_pair){
			 .id = scenario->aws.access_key_id,
			 .secret = scenario->aws.secret_access_key,
			 .arn = arena_printf(&state->arena, "arn:aws:iam::%.*s:user/emulator",
					     STR_ARG(scenario->aws.account)),
		 });
	return state;
}

void aws_state_free(struct aws_state *state)
{
	if (!state)
		return;
	VEC_RELEASE(&state->keys);
	VEC_RELEASE(&state->tokens);
	VEC_RELEASE(&state->prefixes);
	for (size_t i = 0; i < state->buckets.len; i++)
		VEC_RELEASE(&state->buckets.items[i].settlements);
	VEC_RELEASE(&state->buckets);
	arena_release(&state->arena);
	free(state);
}

struct str aws_random_id(struct aws_state *state, const char *before, size_t count)
{
	char digits[129];

	assert(count < sizeof(digits));
	random_hex(&state->random, digits, count);
	return arena_printf(&state->arena, "%s%s", before, digits);
}

const struct key_pair *aws_issue(struct aws_state *state, struct str arn, int64_t now_ms,
				 int64_t seconds)
{
	struct key_pair pair = {
		.id = aws_random_id(state, "ASIA", 16),
		.secret = aws_random_id(state, "", 40),
		.token = aws_random_id(state, "emulator-session/", 64),
		.arn = arena_str(&state->arena, arn),
		.expires_ms = now_ms + seconds * 1000,
	};

	if (state->keys.len >= CREDENTIALS_MAX)
		state->keys.len = 1; /* the long-lived pair stays */
	VEC_PUSH(&state->keys, pair);
	return &state->keys.items[state->keys.len - 1];
}

const struct key_pair *aws_find_key(const struct aws_state *state, struct str id)
{
	for (size_t i = 0; i < state->keys.len; i++) {
		if (str_eq(state->keys.items[i].id, id))
			return &state->keys.items[i];
	}
	return NULL;
}

void aws_request_id(struct aws_state *state, struct answer *answer)
{
	answer_header(answer, STR("x-amzn-RequestId"), aws_random_id(state, "emu-", 24));
}

void aws_refuse(struct aws_state *state, struct request *request, struct answer *answer, int status,
		const char *code, struct str message)
{
	struct value *body = value_object(&request->arena);

	put_text(&request->arena, body, "message", message);
	answer_json(request, answer, status, body);
	answer_header(answer, STR("x-amzn-ErrorType"),
		      arena_printf(&request->arena, "%s:http://internal.amazon.com/coral/", code));
	aws_request_id(state, answer);
}

/* Sorted. */
static const struct aws_refusal refusals[] = {
	{STR_INIT("access-denied"), 403, "AccessDeniedException",
	 "User: arn:aws:sts::123456789012:assumed-role/outcrop/session is not authorized to perform: bedrock:InvokeModel because no identity-based policy allows the bedrock:InvokeModel action"},
	{STR_INIT("daily-quota"), 429, "ThrottlingException",
	 "Too many tokens per day, please wait before trying again."},
	{STR_INIT("expired-token"), 403, "ExpiredTokenException",
	 "The security token included in the request is expired"},
	{STR_INIT("legacy-model"), 404, "ResourceNotFoundException",
	 "Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days."},
	{STR_INIT("model-error"), 424, "ModelErrorException",
	 "The model has failed while it worked on the request."},
	{STR_INIT("model-not-ready"), 429, "ModelNotReadyException",
	 "The model is not ready for inference."},
	{STR_INIT("model-timeout"), 408, "ModelTimeoutException",
	 "The model took too long to answer."},
	{STR_INIT("on-demand"), 400, "ValidationException",
	 "Invocation of model ID with on-demand throughput isn\xe2\x80\x99t supported. Retry your request with the ID or ARN of an inference profile that contains this model."},
	{STR_INIT("quota"), 400, "ServiceQuotaExceededException",
	 "The request is over a quota of the account."},
	{STR_INIT("server-error"), 500, "InternalServerException",
	 "The system has met an unexpected error. Try your request again."},
	{STR_INIT("throttling"), 429, "ThrottlingException",
	 "Too many requests, please wait before trying again."},
	{STR_INIT("unavailable"), 503, "ServiceUnavailableException",
	 "The service is not able to handle the request."},
	{STR_INIT("validation"), 400, "ValidationException",
	 "The provided model identifier is invalid."},
};

const struct aws_refusal *aws_refusal_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (str_eq(refusals[i].name, name))
			return &refusals[i];
	}
	return NULL;
}

bool aws_fault_page(struct answer *answer, const struct value *fault)
{
	if (!str_eq(value_get_string(fault, "fault"), STR("html-200")))
		return false;
	answer_text(answer, 200, STR("text/html"),
		    STR("<!DOCTYPE html><html><body>Sign in to the network</body></html>\n"));
	return true;
}

bool aws_fault_answer(struct aws_state *state, struct request *request, struct answer *answer,
		      const struct value *fault)
{
	const struct aws_refusal *refusal = aws_refusal_find(value_get_string(fault, "fault"));
	struct str message = value_get_string(fault, "message");
	struct str code = value_get_string(fault, "code");
	int64_t after = value_get_int(fault, "retry_after", 0);

	if (aws_fault_page(answer, fault))
		return true;
	if (!refusal)
		return false;
	aws_refuse(state, request, answer, (int)value_get_int(fault, "status", refusal->status),
		   code.len ? arena_text(&request->arena, code) : refusal->code,
		   message.len ? message : str_from(refusal->message));
	if (after)
		answer_header(answer, STR("Retry-After"),
			      arena_printf(&request->arena, "%lld", (long long)after));
	return true;
}
