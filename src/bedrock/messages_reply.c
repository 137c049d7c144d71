/* The answers of InvokeModel with Anthropic Messages bodies, whole and streamed. */
#include "bedrock/reply.h"

#include "base/encode.h"
#include "value/json.h"

/* Figures come in pieces: at the start of a stream those of the input, at its end those of the output. */
static void read_usage(struct assembly *assembly, const struct value *from)
{
	struct usage *usage = &assembly->usage;
	const struct value *created = value_get(from, "cache_creation");

	assembly->metered = assembly->metered || value_len(from);
	usage->input = MAX_OF(value_get_int(from, "input_tokens", usage->input), 0);
	usage->output = MAX_OF(value_get_int(from, "output_tokens", usage->output), 0);
	usage->cache_read =
		MAX_OF(value_get_int(from, "cache_read_input_tokens", usage->cache_read), 0);
	usage->cache_write =
		MAX_OF(value_get_int(from, "cache_creation_input_tokens", usage->cache_write), 0);
	usage->cache_write_hour = MAX_OF(
		value_get_int(created, "ephemeral_1h_input_tokens", usage->cache_write_hour), 0);
}

static const struct {
	struct str type;
	enum block_kind kind;
} block_types[] = {
	{STR_INIT("redacted_thinking"), BLOCK_REDACTED},
	{STR_INIT("text"), BLOCK_TEXT},
	{STR_INIT("thinking"), BLOCK_REASONING},
	{STR_INIT("tool_use"), BLOCK_TOOL_USE},
};

/* A block as in a response, or as a stream starts it. */
static bool add_block(struct assembly *assembly, int64_t idx, const struct value *block,
		      struct error *err)
{
	SCOPED(buf) struct buf input = BUF_INIT;
	struct str type = value_get_string(block, "type");
	enum block_kind kind = BLOCK_CACHE_POINT; /* never comes from a model: "unknown" */
	struct str text = STR_EMPTY;

	for (size_t i = 0; i < ARRAY_LEN(block_types); i++) {
		if (str_eq(block_types[i].type, type))
			kind = block_types[i].kind;
	}
	if (kind == BLOCK_CACHE_POINT)
		return true;
	if (!assembly_open(assembly, idx, kind, err))
		return false;
	if (kind == BLOCK_TEXT)
		text = value_get_string(block, "text");
	else if (kind == BLOCK_REASONING)
		text = value_get_string(block, "thinking");
	else if (kind == BLOCK_REDACTED)
		text = value_get_string(block, "data");
	if (kind == BLOCK_TOOL_USE) {
		assembly_name(assembly, idx, value_get_string(block, "id"),
			      value_get_string(block, "name"));
		if (value_len(value_get(block, "input")))
			json_write(&input, value_get(block, "input"), JSON_COMPACT);
		text = buf_str(&input);
	}
	return assembly_add(assembly, idx, text, err) &&
	       assembly_add_signature(assembly, idx, value_get_string(block, "signature"), err);
}

/*
 * Bedrock adds what its guardrail did to the model's own answer, whose text then is the guardrail's and
 * whose stop reason says nothing of it (Bedrock user guide, "Use a guardrail with InvokeModel").
 */
static bool intervened(const struct value *from)
{
	return str_eq(value_get_string(from, "amazon-bedrock-guardrailAction"), STR("INTERVENED"));
}

bool messages_reply_read(struct assembly *assembly, struct str body, struct error *err)
{
	const struct value *root =
		json_read_repaired(assembly->arena, body, 0, &assembly->problem, err);
	const struct value *content = value_get(root, "content");
	struct str stop = value_get_string(root, "stop_reason");

	if (!root) {
		err->kind = ERROR_PROTOCOL;
		return error_wrap(err, "the answer of InvokeModel");
	}
	for (size_t i = 0; i < value_len(content); i++) {
		if (!add_block(assembly, (int64_t)i, value_at(content, i), err))
			return false;
	}
	if (intervened(root))
		stop = STR("guardrail_intervened");
	if (stop.len)
		assembly_stop(assembly, stop);
	read_usage(assembly, value_get(root, "usage"));
	return true;
}

static bool on_message_start(struct assembly *assembly, const struct value *event,
			     struct error *err)
{
	(void)err;
	read_usage(assembly, value_at_pointer(event, STR("/message/usage")));
	return true;
}

static bool on_block_start(struct assembly *assembly, const struct value *event, struct error *err)
{
	return add_block(assembly, value_get_int(event, "index", -1),
			 value_get(event, "content_block"), err);
}

/* A delta belongs to a block that was begun; deltas of blocks that we do not know are passed over. */
static bool on_block_delta(struct assembly *assembly, const struct value *event, struct error *err)
{
	static const char *const text_members[] = {"text", "partial_json", "thinking"};
	int64_t idx = value_get_int(event, "index", -1);
	const struct value *delta = value_get(event, "delta");
	bool known = idx >= 0 && idx < (int64_t)assembly->len && assembly->items[idx].started;

	if (!known && str_eq(value_get_string(delta, "type"), STR("text_delta"))) {
		if (!assembly_open(assembly, idx, BLOCK_TEXT, err))
			return false;
		known = true;
	}
	if (!known)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(text_members); i++) {
		if (!assembly_add(assembly, idx, value_get_string(delta, text_members[i]), err))
			return false;
	}
	return assembly_add_signature(assembly, idx, value_get_string(delta, "signature"), err);
}

/* Gives the stop reason; message_stop then ends the message. */
static bool on_message_delta(struct assembly *assembly, const struct value *event,
			     struct error *err)
{
	struct str reason = value_get_string(value_get(event, "delta"), "stop_reason");

	(void)err;
	if (reason.len) {
		assembly_stop(assembly, reason);
		assembly->stopped = false;
	}
	read_usage(assembly, value_get(event, "usage"));
	return true;
}

static bool on_message_stop(struct assembly *assembly, const struct value *event, struct error *err)
{
	(void)event;
	if (assembly->stop_text.len == 0)
		return error_set(err, ERROR_PROTOCOL, "message_stop came without a stop reason");
	if (assembly->intervened)
		assembly_stop(assembly, STR("guardrail_intervened"));
	assembly->stopped = true;
	assembly->ended = true;
	return true;
}

static bool on_error(struct assembly *assembly, const struct value *event, struct error *err)
{
	const struct value *error = value_get(event, "error");
	struct str type = value_get_string(error, "type");
	enum error_kind kind = ERROR_SERVER;

	(void)assembly;
	if (str_eq(type, STR("rate_limit_error")))
		kind = ERROR_THROTTLED;
	else if (str_eq(type, STR("invalid_request_error")))
		kind = ERROR_INVALID;
	return error_set(err, kind, "%.*s in the stream: %.*s", STR_ARG(type),
			 STR_ARG(value_get_string(error, "message")));
}

/* Events that are not here say nothing that a reply holds. Sorted. */
static const struct {
	struct str type;
	bool (*read)(struct assembly *assembly, const struct value *event, struct error *err);
} events[] = {
	{STR_INIT("content_block_delta"), on_block_delta},
	{STR_INIT("content_block_start"), on_block_start},
	{STR_INIT("error"), on_error},
	{STR_INIT("message_delta"), on_message_delta},
	{STR_INIT("message_start"), on_message_start},
	{STR_INIT("message_stop"), on_message_stop},
};

/* A "chunk" event holds the event of the Messages API in base64. */
static bool unwrap(struct arena *arena, struct str payload, const struct value **event,
		   struct str *repaired, struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	const struct value *chunk = json_read(arena, payload, 0, err);

	if (chunk && !base64_decode(value_get_string(chunk, "bytes"), &bytes))
		return error_set(err, ERROR_PROTOCOL, "a chunk of the stream is not base64");
	*event = chunk ? json_read_repaired(arena, buf_str(&bytes), 0, repaired, err) : NULL;
	if (*event)
		return true;
	err->kind = ERROR_PROTOCOL;
	return error_wrap(err, "a chunk of the stream");
}

bool messages_event_read(struct assembly *assembly, const struct stream_event *frame,
			 struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str repaired = STR_EMPTY;
	const struct value *event = NULL;
	struct str type;

	if (!event_open(frame, &type, err))
		return false;
	if (!str_eq(type, STR("chunk")))
		return true;
	if (!unwrap(&arena, frame->payload, &event, &repaired, err))
		return false;
	if (repaired.len)
		assembly->problem = arena_str(assembly->arena, repaired);
	type = value_get_string(event, "type");
	assembly->intervened |= intervened(event);
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		if (str_eq(events[i].type, type))
			return events[i].read(assembly, event, err);
	}
	return true;
}
