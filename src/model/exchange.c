/* Exchanges to JSON and back. */
#include "model/exchange.h"

#include <string.h>

#include "base/hash.h"
#include "redact/redact.h"
#include "value/json.h"

/* ---- Texts: one line as a string, several as a list of lines. ---- */

static struct value *text_value(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf clean = BUF_INIT;

	redact_add(&clean, text);
	struct str rest = buf_str(&clean);
	struct str line;
	if (str_find_char(rest, '\n', 0) < 0)
		return value_string(arena, rest);
	struct value *lines = value_array(arena);
	while (str_next_part(&rest, '\n', &line))
		value_append(arena, lines, value_string(arena, line));
	return lines;
}

static struct str text_of(struct arena *arena, const struct value *value)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (value_is(value, VALUE_STRING))
		return value->string;
	for (size_t i = 0; i < value_len(value); i++) {
		if (i)
			buf_add_char(&text, '\n');
		buf_add(&text, value_as_string(value_at(value, i)));
	}
	return arena_str(arena, buf_str(&text));
}

static void set_text(struct arena *arena, struct value *object, const char *name, struct str text)
{
	if (text.len)
		value_set(arena, object, name, text_value(arena, text));
}

/* ---- Blocks. ---- */

static const char *const block_names[] = {
	[BLOCK_TEXT] = "text",
	[BLOCK_TOOL_USE] = "tool_use",
	[BLOCK_TOOL_RESULT] = "tool_result",
	[BLOCK_REASONING] = "reasoning",
	[BLOCK_REDACTED] = "redacted_reasoning",
	[BLOCK_CACHE_POINT] = "cache_point",
	[BLOCK_GUARD] = "guard",
	[BLOCK_DOCUMENT] = "document",
};

static struct value *block_value(struct arena *arena, const struct block *block)
{
	struct value *tree = value_object(arena);

	value_set(arena, tree, "kind", value_text(arena, block_names[block->kind]));
	set_text(arena, tree, "id", block->id);
	set_text(arena, tree, "name", block->name);
	set_text(arena, tree, "format", block->format);
	if (block->kind == BLOCK_DOCUMENT)
		value_set(arena, tree, "sha256",
			  value_string(arena, sha256_hex(arena, block->text)));
	else
		set_text(arena, tree, "text", block->text);
	set_text(arena, tree, "signature", block->signature);
	set_text(arena, tree, "problem", block->problem);
	if (block->input)
		value_set(arena, tree, "input", value_copy(arena, block->input));
	if (block->is_error)
		value_set(arena, tree, "is_error", value_bool(arena, true));
	if (block->long_life)
		value_set(arena, tree, "long_life", value_bool(arena, true));
	return tree;
}

static struct value *message_value(struct arena *arena, const struct message *message)
{
	struct value *tree = value_object(arena);
	struct value *blocks = value_array(arena);

	for (size_t i = 0; i < message->len; i++)
		value_append(arena, blocks, block_value(arena, &message->blocks[i]));
	value_set(arena, tree, "role",
		  value_text(arena, message->role == ROLE_USER ? "user" : "assistant"));
	value_set(arena, tree, "blocks", blocks);
	return tree;
}

static bool read_block(struct arena *arena, const struct value *tree, struct message *message,
		       struct error *err)
{
	struct str kind = value_get_string(tree, "kind");

	for (size_t i = 0; i < ARRAY_LEN(block_names); i++) {
		if (!str_eq(kind, str_from(block_names[i])))
			continue;
		struct block *block = message_add(arena, message, (enum block_kind)i);
		block->id = value_get_string(tree, "id");
		block->name = value_get_string(tree, "name");
		block->text = text_of(arena, value_get(tree, "text"));
		block->signature = text_of(arena, value_get(tree, "signature"));
		block->problem = text_of(arena, value_get(tree, "problem"));
		block->input = value_get(tree, "input");
		return true;
	}
	return error_set(err, ERROR_CONFIG, "a block of the unknown kind \"%.*s\"", STR_ARG(kind));
}

/* ---- Requests. ---- */

static struct value *tools_value(struct arena *arena, const struct chat *chat)
{
	struct value *tools = value_array(arena);

	for (size_t i = 0; i < chat->tools_len; i++) {
		struct value *tool = value_object(arena);
		value_set(arena, tool, "name", value_string(arena, chat->tools[i].name));
		set_text(arena, tool, "description", chat->tools[i].description);
		if (chat->tools[i].schema)
			value_set(arena, tool, "schema", value_copy(arena, chat->tools[i].schema));
		value_append(arena, tools, tool);
	}
	return tools;
}

static void set_number(struct arena *arena, struct value *tree, const char *name, double number)
{
	if (number >= 0)
		value_set(arena, tree, name, value_real(arena, number));
}

static struct value *inference_value(struct arena *arena, const struct inference *inference)
{
	static const char *const thinking_names[] = {[THINKING_OFF] = "off",
						     [THINKING_BUDGET] = "budget",
						     [THINKING_ADAPTIVE] = "adaptive",
						     [THINKING_DISABLED] = "disabled"};
	struct value *tree = value_object(arena);

	value_set(arena, tree, "max_tokens", value_int(arena, inference->max_tokens));
	set_number(arena, tree, "temperature", inference->temperature);
	set_number(arena, tree, "top_p", inference->top_p);
	if (inference->top_k >= 0)
		value_set(arena, tree, "top_k", value_int(arena, inference->top_k));
	if (inference->stop_len) {
		struct value *stop = value_array(arena);
		for (size_t i = 0; i < inference->stop_len; i++)
			value_append(arena, stop, value_string(arena, inference->stop[i]));
		value_set(arena, tree, "stop", stop);
	}
	value_set(arena, tree, "thinking", value_text(arena, thinking_names[inference->thinking]));
	if (inference->thinking == THINKING_BUDGET)
		value_set(arena, tree, "thinking_budget",
			  value_int(arena, inference->thinking_budget));
	set_text(arena, tree, "effort", inference->effort);
	return tree;
}

static struct value *tool_choice_value(struct arena *arena, const struct chat *chat)
{
	if (chat->tool_choice == TOOL_NAMED)
		return value_string(arena, chat->tool_named);
	return value_text(arena, chat->tool_choice == TOOL_ANY ? "(any)" : "(auto)");
}

struct value *exchange_request(struct arena *arena, const struct model *model,
			       const struct chat *chat)
{
	struct value *tree = value_object(arena);
	struct value *messages = value_array(arena);

	value_set(arena, tree, "model", value_string(arena, model->id));
	set_text(arena, tree, "system", chat->system);
	if (chat->tools_len) {
		value_set(arena, tree, "tools", tools_value(arena, chat));
		value_set(arena, tree, "tool_choice", tool_choice_value(arena, chat));
	}
	if (chat->output_schema)
		value_set(arena, tree, "output_schema", value_copy(arena, chat->output_schema));
	for (size_t i = 0; i < chat->len; i++)
		value_append(arena, messages, message_value(arena, &chat->messages[i]));
	value_set(arena, tree, "messages", messages);
	value_set(arena, tree, "inference", inference_value(arena, &chat->inference));
	return tree;
}

struct value *exchange_embed_request(struct arena *arena, const struct model *model,
				     const struct embed_request *request)
{
	struct value *tree = value_object(arena);
	struct value *texts = value_array(arena);

	for (size_t i = 0; i < request->len; i++)
		value_append(arena, texts, text_value(arena, request->texts[i]));
	value_set(arena, tree, "model", value_string(arena, model->id));
	value_set(arena, tree, "dimensions", value_int(arena, request->dimensions));
	set_text(arena, tree, "input_type", request->input_type);
	value_set(arena, tree, "texts", texts);
	return tree;
}

/* ---- Replies. ---- */

static const struct {
	const char *name;
	size_t offset;
} usage_fields[] = {
	{"input", offsetof(struct usage, input)},
	{"output", offsetof(struct usage, output)},
	{"cache_read", offsetof(struct usage, cache_read)},
	{"cache_write", offsetof(struct usage, cache_write)},
	{"cache_write_hour", offsetof(struct usage, cache_write_hour)},
};

static struct value *usage_value(struct arena *arena, const struct usage *usage)
{
	struct value *tree = value_object(arena);

	for (size_t i = 0; i < ARRAY_LEN(usage_fields); i++) {
		int64_t count;
		memcpy(&count, (const char *)usage + usage_fields[i].offset, sizeof(count));
		if (count)
			value_set(arena, tree, usage_fields[i].name, value_int(arena, count));
	}
	return tree;
}

static struct usage usage_of(const struct value *tree)
{
	struct usage usage = {0};

	for (size_t i = 0; i < ARRAY_LEN(usage_fields); i++) {
		int64_t count = value_get_int(tree, usage_fields[i].name, 0);
		memcpy((char *)&usage + usage_fields[i].offset, &count, sizeof(count));
	}
	return usage;
}

struct value *exchange_reply(struct arena *arena, const struct reply *reply)
{
	struct value *tree = value_object(arena);

	value_set(arena, tree, "model", value_string(arena, reply->model));
	value_set(arena, tree, "stop", value_text(arena, stop_reason_name(reply->stop)));
	value_set(arena, tree, "message", message_value(arena, &reply->message));
	value_set(arena, tree, "usage", usage_value(arena, &reply->usage));
	return tree;
}

static enum stop_reason stop_of(struct str name)
{
	for (int i = STOP_END; i < STOP_UNKNOWN; i++)
		if (str_eq(name, str_from(stop_reason_name((enum stop_reason)i))))
			return (enum stop_reason)i;
	return STOP_UNKNOWN;
}

bool exchange_read_reply(struct arena *arena, const struct value *tree, struct reply *reply,
			 struct error *err)
{
	const struct value *blocks = value_get(value_get(tree, "message"), "blocks");
	struct reply read = {.model = value_get_string(tree, "model"),
			     .stop = stop_of(value_get_string(tree, "stop")),
			     .stop_text = value_get_string(tree, "stop"),
			     .usage = usage_of(value_get(tree, "usage")),
			     .message.role = ROLE_ASSISTANT,
			     .attempts = 1};

	if (!value_is(blocks, VALUE_ARRAY))
		return error_set(err, ERROR_CONFIG, "a reply without message.blocks");
	for (size_t i = 0; i < value_len(blocks); i++)
		if (!read_block(arena, value_at(blocks, i), &read.message, err))
			return false;
	*reply = read;
	return true;
}

struct value *exchange_embed_reply(struct arena *arena, const struct embed_reply *reply)
{
	struct value *tree = value_object(arena);
	struct value *vectors = value_array(arena);

	for (size_t i = 0; i < reply->len; i++) {
		struct value *vector = value_array(arena);
		for (size_t j = 0; j < reply->dimensions; j++)
			value_append(arena, vector,
				     value_real(arena,
						(double)reply->vectors[i * reply->dimensions + j]));
		value_append(arena, vectors, vector);
	}
	value_set(arena, tree, "vectors", vectors);
	value_set(arena, tree, "usage", usage_value(arena, &reply->usage));
	return tree;
}

static double number_of(const struct value *value)
{
	if (value_is(value, VALUE_INT))
		return (double)value->integer;
	return value_is(value, VALUE_REAL) ? value->real : 0;
}

bool exchange_read_embed_reply(struct arena *arena, const struct value *tree,
			       struct embed_reply *reply, struct error *err)
{
	const struct value *vectors = value_get(tree, "vectors");
	struct embed_reply read = {.len = value_len(vectors),
				   .dimensions = value_len(value_at(vectors, 0)),
				   .usage = usage_of(value_get(tree, "usage"))};

	read.vectors = ARENA_ARRAY(arena, float, read.len *read.dimensions + 1);
	for (size_t i = 0; i < read.len; i++) {
		const struct value *vector = value_at(vectors, i);
		if (value_len(vector) != read.dimensions)
			return error_set(err, ERROR_CONFIG, "vectors of different lengths");
		for (size_t j = 0; j < read.dimensions; j++)
			read.vectors[i * read.dimensions + j] =
				(float)number_of(value_at(vector, j));
	}
	*reply = read;
	return true;
}

/* ---- Names. ---- */

static void add_part(struct buf *out, struct str part)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	for (size_t i = 0; i < part.len; i++)
		buf_add_char(out, part.ptr[i] && strchr(plain, part.ptr[i]) ? part.ptr[i] : '_');
	if (!part.len)
		buf_add_char(out, '_');
	buf_add_char(out, '.');
}

struct str exchange_prefix(struct arena *arena, const struct chat_origin *origin)
{
	SCOPED(buf) struct buf name = BUF_INIT;

	add_part(&name, str_slice(origin->agent, 0, 64));
	add_part(&name, str_slice(origin->unit, 0, 100));
	buf_addf(&name, "%d.", origin->turn);
	return arena_str(arena, buf_str(&name));
}

struct str exchange_name(struct arena *arena, const struct chat_origin *origin,
			 const struct value *request)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str prefix = exchange_prefix(arena, origin);

	json_write(&text, request, JSON_COMPACT);
	struct str digest = sha256_hex(arena, buf_str(&text));
	return arena_printf(arena, "%.*s%.*s.json", STR_ARG(prefix), EXCHANGE_KEY_LEN, digest.ptr);
}
