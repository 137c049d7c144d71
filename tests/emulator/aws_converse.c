/* Replies in the form of Converse and ConverseStream. */
#include "aws_stream.h"
#include "base/utf8.h"
#include "value/json.h"
#include "value/put.h"

enum { PARTS_MAX = 100, PART_SIZE = 48 };

void parts_cut(struct stream_parts *parts, struct str text)
{
	size_t size = MAX_OF((size_t)PART_SIZE, text.len / PARTS_MAX + 4);

	while (text.len) {
		struct str part = utf8_cut(text, size);

		VEC_PUSH(parts, part);
		text = str_skip(text, part.len);
	}
}

struct str tool_input_text(const struct asked_model *asked, const struct emulated_reply *reply,
			   const struct value *use)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	json_write(&text, value_get(use, "input"), JSON_COMPACT);
	if (reply->is_half)
		return arena_str(asked->arena, utf8_cut(buf_str(&text), text.len / 2));
	return arena_str(asked->arena, buf_str(&text));
}

static struct value *usage(struct arena *arena, const struct spent *spent)
{
	struct value *usage = value_object(arena);

	put_int(arena, usage, "inputTokens", spent->input);
	put_int(arena, usage, "outputTokens", spent->output);
	put_int(arena, usage, "totalTokens",
		spent->input + spent->output + spent->cache_read + spent->cache_write);
	put_int(arena, usage, "cacheReadInputTokens", spent->cache_read);
	put_int(arena, usage, "cacheWriteInputTokens", spent->cache_write);
	return usage;
}

static struct value *metrics(struct arena *arena, const struct emulated_reply *reply)
{
	struct value *metrics = value_object(arena);

	put_int(arena, metrics, "latencyMs", MAX_OF(reply->latency_ms, 1));
	return metrics;
}

struct value *converse_answer(const struct asked_model *asked, const struct emulated_reply *reply)
{
	struct arena *arena = asked->arena;
	struct value *root = value_object(arena), *output = value_object(arena);
	struct value *message = value_object(arena);

	put_word(arena, message, "role", "assistant");
	value_set(arena, message, "content", reply->content);
	value_set(arena, output, "message", message);
	value_set(arena, root, "output", output);
	put_text(arena, root, "stopReason", reply->stop);
	value_set(arena, root, "usage", usage(arena, &reply->spent));
	value_set(arena, root, "metrics", metrics(arena, reply));
	return root;
}

/* {"contentBlockIndex": idx, name: inner}; `inner` NULL: only the index. */
static void add_event(struct frames *frames, struct arena *arena, const char *type, size_t idx,
		      const char *name, struct value *inner)
{
	struct value *event = value_object(arena);

	put_int(arena, event, "contentBlockIndex", (int64_t)idx);
	if (inner)
		value_set(arena, event, name, inner);
	frames_add(frames, arena, false, type, event);
}

static struct value *object_of(struct arena *arena, const char *name, struct value *value)
{
	struct value *object = value_object(arena);

	value_set(arena, object, name, value);
	return object;
}

static void add_parts(struct frames *frames, struct arena *arena, size_t idx, const char *outer,
		      const char *inner, struct str text)
{
	struct stream_parts parts = {0};

	parts_cut(&parts, text);
	for (size_t i = 0; i < parts.len; i++) {
		struct value *delta = object_of(arena, inner, value_string(arena, parts.items[i]));

		if (outer)
			delta = object_of(arena, outer, delta);
		add_event(frames, arena, "contentBlockDelta", idx, "delta", delta);
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

	if (use) {
		struct value *start = value_object(arena);

		put_text(arena, start, "toolUseId", value_get_string(use, "toolUseId"));
		put_text(arena, start, "name", value_get_string(use, "name"));
		add_event(frames, arena, "contentBlockStart", idx, "start",
			  object_of(arena, "toolUse", start));
		add_parts(frames, arena, idx, "toolUse", "input",
			  tool_input_text(asked, reply, use));
	} else if (thought) {
		add_parts(frames, arena, idx, "reasoningContent", "text",
			  value_get_string(thought, "text"));
		add_parts(frames, arena, idx, "reasoningContent", "signature",
			  value_get_string(thought, "signature"));
	} else if (value_get(block, "reasoningContent")) {
		add_event(frames, arena, "contentBlockDelta", idx, "delta",
			  value_copy(arena, block));
	} else {
		add_parts(frames, arena, idx, NULL, "text", value_get_string(block, "text"));
	}
	add_event(frames, arena, "contentBlockStop", idx, NULL, NULL);
}

void converse_frames(const struct asked_model *asked, const struct emulated_reply *reply,
		     struct frames *frames)
{
	struct arena *arena = asked->arena;
	struct value *end;

	frames_add(frames, arena, false, "messageStart",
		   object_of(arena, "role", value_text(arena, "assistant")));
	for (size_t i = 0; i < value_len(reply->content); i++)
		add_block(asked, reply, frames, i);
	frames_add(frames, arena, false, "messageStop",
		   object_of(arena, "stopReason", value_string(arena, reply->stop)));
	end = object_of(arena, "usage", usage(arena, &reply->spent));
	value_set(arena, end, "metrics", metrics(arena, reply));
	frames_add(frames, arena, false, "metadata", end);
}
