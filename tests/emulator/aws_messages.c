/* Replies in the form of Anthropic Messages, as InvokeModel carries them. */
#include <string.h>

#include "aws_stream.h"
#include "base/encode.h"
#include "value/json.h"
#include "value/put.h"

static struct value *typed(struct arena *arena, const char *type)
{
	struct value *object = value_object(arena);

	put_text(arena, object, "type", str_from(type));
	return object;
}

/* A block of Converse as Messages has it; `is_empty` as a stream begins it. */
static struct value *block_of(struct arena *arena, const struct value *block, bool is_empty)
{
	const struct value *use = value_get(block, "toolUse");
	const struct value *thought =
		value_get(value_get(block, "reasoningContent"), "reasoningText");
	struct str hidden =
		value_get_string(value_get(block, "reasoningContent"), "redactedContent");
	struct value *to;

	if (use) {
		to = typed(arena, "tool_use");
		put_text(arena, to, "id", value_get_string(use, "toolUseId"));
		put_text(arena, to, "name", value_get_string(use, "name"));
		value_set(arena, to, "input",
			  is_empty ? value_object(arena) : value_get(use, "input"));
		return to;
	}
	if (thought) {
		to = typed(arena, "thinking");
		put_text(arena, to, "thinking",
			 is_empty ? STR_EMPTY : value_get_string(thought, "text"));
		put_text(arena, to, "signature",
			 is_empty ? STR_EMPTY : value_get_string(thought, "signature"));
		return to;
	}
	if (hidden.len) {
		/* Streamed, it comes whole with the block's start. */
		to = typed(arena, "redacted_thinking");
		put_text(arena, to, "data", hidden);
		return to;
	}
	to = typed(arena, "text");
	put_text(arena, to, "text", is_empty ? STR_EMPTY : value_get_string(block, "text"));
	return to;
}

static struct value *usage(struct arena *arena, const struct spent *spent, int64_t output)
{
	struct value *usage = value_object(arena);

	put_int(arena, usage, "input_tokens", spent->input);
	put_int(arena, usage, "cache_creation_input_tokens", spent->cache_write);
	put_int(arena, usage, "cache_read_input_tokens", spent->cache_read);
	put_int(arena, usage, "output_tokens", output);
	return usage;
}

static struct value *message(const struct asked_model *asked, const struct emulated_reply *reply,
			     bool is_empty)
{
	struct arena *arena = asked->arena;
	struct value *root = typed(arena, "message"), *content = value_array(arena);

	put_text(arena, root, "id", STR("msg_bdrk_emulator"));
	put_text(arena, root, "role", STR("assistant"));
	put_text(arena, root, "model", asked->model);
	for (size_t i = 0; !is_empty && i < value_len(reply->content); i++)
		value_append(arena, content, block_of(arena, value_at(reply->content, i), false));
	value_set(arena, root, "content", content);
	value_set(arena, root, "stop_reason",
		  is_empty ? value_null(arena) : value_string(arena, reply->stop));
	value_set(arena, root, "stop_sequence", value_null(arena));
	value_set(arena, root, "usage",
		  usage(arena, &reply->spent, is_empty ? 1 : reply->spent.output));
	return root;
}

static void add_guardrail(struct arena *arena, const struct emulated_reply *reply,
			  struct value *value)
{
	if (reply->is_blocked)
		put_text(arena, value, "amazon-bedrock-guardrailAction", STR("INTERVENED"));
}

struct value *messages_answer(const struct asked_model *asked, const struct emulated_reply *reply)
{
	struct value *root = message(asked, reply, false);

	add_guardrail(asked->arena, reply, root);
	return root;
}

/* {"bytes": base64 of the event} */
static void add_chunk(struct frames *frames, struct arena *arena, const struct value *event)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf base64 = BUF_INIT;
	struct value *chunk = value_object(arena);

	json_write(&text, event, JSON_COMPACT);
	base64_add(&base64, buf_str(&text));
	put_text(arena, chunk, "bytes", buf_str(&base64));
	frames_add(frames, arena, false, "chunk", chunk);
}

static struct value *indexed(struct arena *arena, const char *type, size_t idx)
{
	struct value *event = typed(arena, type);

	put_int(arena, event, "index", (int64_t)idx);
	return event;
}

static void add_deltas(struct frames *frames, struct arena *arena, size_t idx, const char *type,
		       struct str text)
{
	/* A "text_delta" has the member "text"; the others have different names. */
	const char *member = strcmp(type, "input_json_delta") == 0 ? "partial_json"
			     : strcmp(type, "thinking_delta") == 0 ? "thinking"
			     : strcmp(type, "text_delta") == 0     ? "text"
								   : "signature";
	struct stream_parts parts = {0};

	parts_cut(&parts, text);
	for (size_t i = 0; i < parts.len; i++) {
		struct value *event = indexed(arena, "content_block_delta", idx);
		struct value *delta = typed(arena, type);

		put_text(arena, delta, member, parts.items[i]);
		value_set(arena, event, "delta", delta);
		add_chunk(frames, arena, event);
	}
	VEC_RELEASE(&parts);
}

static void add_block(const struct asked_model *asked, const struct emulated_reply *reply,
		      struct frames *frames, size_t idx)
{
	struct arena *arena = asked->arena;
	const struct value *block = value_at(reply->content, idx);
	const struct value *use = value_get(block, "toolUse");
	const struct value *thought =
		value_get(value_get(block, "reasoningContent"), "reasoningText");
	struct value *start = indexed(arena, "content_block_start", idx);

	value_set(arena, start, "content_block", block_of(arena, block, true));
	add_chunk(frames, arena, start);
	if (use) {
		add_deltas(frames, arena, idx, "input_json_delta",
			   tool_input_text(asked, reply, use));
	} else if (thought) {
		add_deltas(frames, arena, idx, "thinking_delta", value_get_string(thought, "text"));
		add_deltas(frames, arena, idx, "signature_delta",
			   value_get_string(thought, "signature"));
	} else if (!value_get(block, "reasoningContent")) {
		add_deltas(frames, arena, idx, "text_delta", value_get_string(block, "text"));
	}
	add_chunk(frames, arena, indexed(arena, "content_block_stop", idx));
}

void messages_frames(const struct asked_model *asked, const struct emulated_reply *reply,
		     struct frames *frames)
{
	struct arena *arena = asked->arena;
	struct value *start = typed(arena, "message_start");
	struct value *end = typed(arena, "message_delta");
	struct value *stop = typed(arena, "message_stop");
	struct value *delta = value_object(arena);

	value_set(arena, start, "message", message(asked, reply, true));
	add_chunk(frames, arena, start);
	for (size_t i = 0; i < value_len(reply->content); i++)
		add_block(asked, reply, frames, i);
	put_text(arena, delta, "stop_reason", reply->stop);
	value_set(arena, end, "delta", delta);
	value_set(arena, end, "usage", usage(arena, &reply->spent, reply->spent.output));
	add_chunk(frames, arena, end);
	add_guardrail(arena, reply, stop);
	add_chunk(frames, arena, stop);
}
