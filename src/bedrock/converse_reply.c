/* The answers of Converse and ConverseStream. */
#include "bedrock/reply.h"

#include "base/encode.h"
#include "value/json.h"

/* A member that is there and not null. */
static const struct value *member(const struct value *object, const char *name)
{
	const struct value *value = value_get(object, name);

	return value_is(value, VALUE_NULL) ? NULL : value;
}

static void read_usage(struct assembly *assembly, const struct value *from)
{
	struct usage *usage = &assembly->usage;
	const struct value *details = value_get(from, "cacheDetails");

	assembly->metered = assembly->metered || value_len(from);
	usage->input = MAX_OF(value_get_int(from, "inputTokens", 0), 0);
	usage->output = MAX_OF(value_get_int(from, "outputTokens", 0), 0);
	usage->cache_read = MAX_OF(value_get_int(from, "cacheReadInputTokens", 0), 0);
	usage->cache_write = MAX_OF(value_get_int(from, "cacheWriteInputTokens", 0), 0);
	usage->cache_write_hour = 0;
	for (size_t i = 0; i < value_len(details); i++) {
		const struct value *detail = value_at(details, i);

		if (str_eq(value_get_string(detail, "ttl"), STR("1h")))
			usage->cache_write_hour +=
				MAX_OF(value_get_int(detail, "inputTokens", 0), 0);
	}
	usage->cache_write_hour = MIN_OF(usage->cache_write_hour, usage->cache_write);
}

/* Pieces of a redacted block are base64 each: joined, they are one text of base64 again. */
static bool add_redacted(struct assembly *assembly, int64_t idx, struct str base64,
			 struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	SCOPED(buf) struct buf joined = BUF_INIT;
	struct assembly_block *block = &assembly->items[idx];

	if (block->text.len == 0)
		return assembly_add(assembly, idx, base64, err);
	if (!base64_decode(buf_str(&block->text), &bytes) || !base64_decode(base64, &bytes))
		return error_set(err, ERROR_PROTOCOL, "redacted reasoning is not base64");
	buf_reset(&block->text);
	base64_add(&joined, buf_str(&bytes));
	return assembly_add(assembly, idx, buf_str(&joined), err);
}

static bool add_reasoning(struct assembly *assembly, int64_t idx, const struct value *delta,
			  struct error *err)
{
	struct str redacted = value_get_string(delta, "redactedContent");
	enum block_kind kind = redacted.len ? BLOCK_REDACTED : BLOCK_REASONING;

	if (!assembly_open(assembly, idx, kind, err))
		return false;
	if (redacted.len)
		return add_redacted(assembly, idx, redacted, err);
	return assembly_add(assembly, idx, value_get_string(delta, "text"), err) &&
	       assembly_add_signature(assembly, idx, value_get_string(delta, "signature"), err);
}

static bool add_whole_block(struct assembly *assembly, int64_t idx, const struct value *block,
			    struct error *err)
{
	const struct value *use = member(block, "toolUse");
	const struct value *reasoning = member(block, "reasoningContent");
	SCOPED(buf) struct buf input = BUF_INIT;

	if (member(block, "text"))
		return assembly_open(assembly, idx, BLOCK_TEXT, err) &&
		       assembly_add(assembly, idx, value_get_string(block, "text"), err);
	if (reasoning) {
		const struct value *text = member(reasoning, "reasoningText");

		return add_reasoning(assembly, idx, text ? text : reasoning, err);
	}
	if (!use)
		return true; /* a kind that we do not know */
	if (!assembly_open(assembly, idx, BLOCK_TOOL_USE, err))
		return false;
	assembly_name(assembly, idx, value_get_string(use, "toolUseId"),
		      value_get_string(use, "name"));
	if (member(use, "input"))
		json_write(&input, member(use, "input"), JSON_COMPACT);
	return assembly_add(assembly, idx, buf_str(&input), err);
}

bool converse_reply_read(struct assembly *assembly, struct str body, struct error *err)
{
	const struct value *root =
		json_read_repaired(assembly->arena, body, 0, &assembly->problem, err);
	const struct value *content = value_at_pointer(root, STR("/output/message/content"));
	struct str stop = value_get_string(root, "stopReason");

	if (!root) {
		err->kind = ERROR_PROTOCOL;
		return error_wrap(err, "the answer of Converse");
	}
	for (size_t i = 0; i < value_len(content); i++) {
		if (!add_whole_block(assembly, (int64_t)i, value_at(content, i), err))
			return false;
	}
	if (stop.len)
		assembly_stop(assembly, stop);
	read_usage(assembly, value_get(root, "usage"));
	return true;
}

static bool on_start(struct assembly *assembly, const struct value *event, struct error *err)
{
	int64_t idx = value_get_int(event, "contentBlockIndex", -1);
	const struct value *use = member(value_get(event, "start"), "toolUse");

	if (!use)
		return true;
	if (!assembly_open(assembly, idx, BLOCK_TOOL_USE, err))
		return false;
	assembly_name(assembly, idx, value_get_string(use, "toolUseId"),
		      value_get_string(use, "name"));
	return true;
}

static bool on_delta(struct assembly *assembly, const struct value *event, struct error *err)
{
	int64_t idx = value_get_int(event, "contentBlockIndex", -1);
	const struct value *delta = value_get(event, "delta");
	const struct value *use = member(delta, "toolUse");
	const struct value *reasoning = member(delta, "reasoningContent");

	if (member(delta, "text"))
		return assembly_open(assembly, idx, BLOCK_TEXT, err) &&
		       assembly_add(assembly, idx, value_get_string(delta, "text"), err);
	if (use)
		return assembly_open(assembly, idx, BLOCK_TOOL_USE, err) &&
		       assembly_add(assembly, idx, value_get_string(use, "input"), err);
	if (reasoning)
		return add_reasoning(assembly, idx, reasoning, err);
	return true;
}

static bool on_stop(struct assembly *assembly, const struct value *event, struct error *err)
{
	struct str reason = value_get_string(event, "stopReason");

	if (reason.len == 0)
		return error_set(err, ERROR_PROTOCOL, "messageStop has no \"stopReason\"");
	assembly_stop(assembly, reason);
	assembly->ended = true;
	return true;
}

static bool on_metadata(struct assembly *assembly, const struct value *event, struct error *err)
{
	(void)err;
	read_usage(assembly, value_get(event, "usage"));
	return true;
}

/* Events that are not here say nothing that a reply holds. Sorted. */
static const struct {
	struct str type;
	bool (*read)(struct assembly *assembly, const struct value *event, struct error *err);
} events[] = {
	{STR_INIT("contentBlockDelta"), on_delta},
	{STR_INIT("contentBlockStart"), on_start},
	{STR_INIT("messageStop"), on_stop},
	{STR_INIT("metadata"), on_metadata},
};

bool converse_event_read(struct assembly *assembly, const struct stream_event *event,
			 struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str repaired = STR_EMPTY;
	const struct value *payload;
	struct str type;

	if (!event_open(event, &type, err))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		if (!str_eq(events[i].type, type))
			continue;
		payload = json_read_repaired(&arena, event->payload, 0, &repaired, err);
		if (!payload) {
			err->kind = ERROR_PROTOCOL;
			return error_wrap(err, "event %.*s", STR_ARG(type));
		}
		if (repaired.len)
			assembly->problem = arena_str(assembly->arena, repaired);
		return events[i].read(assembly, payload, err);
	}
	return true;
}
