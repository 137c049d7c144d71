/* Conversations in the format of OpenAI's chat API: reads them into a chat, and writes replies. */
#include "model/openai.h"

#include <stdlib.h>

#include "base/buf.h"
#include "value/json.h"
#include "value/put.h"

/* ---- Messages ---- */

/* The last message when it is of that role, else a new one: sides must take turns. */
static struct message *message_of(struct chat *chat, enum role role)
{
	if (chat->len && chat->messages[chat->len - 1].role == role)
		return &chat->messages[chat->len - 1];
	return chat_add(chat, role);
}

/* A string, or a list of {"type": "text", "text": ...}; *present false for null and "". */
static bool read_content(const struct value *content, struct arena *arena, struct str *text,
			 struct error *err)
{
	SCOPED(buf) struct buf joined = BUF_INIT;

	*text = value_as_string(content);
	if (!content || content->kind == VALUE_STRING || content->kind == VALUE_NULL)
		return true;
	if (content->kind != VALUE_ARRAY)
		return error_set(err, ERROR_USAGE, "content: must be a string or a list of parts");
	for (size_t i = 0; i < value_len(content); i++) {
		const struct value *part = value_at(content, i);

		if (!str_eq(value_get_string(part, "type"), STR("text")))
			return error_set(err, ERROR_USAGE,
					 "content, part %zu: only parts of type text are taken", i);
		buf_add(&joined, value_get_string(part, "text"));
	}
	*text = arena_str(arena, buf_str(&joined));
	return true;
}

static bool read_call(const struct value *call, struct chat *chat, struct message *message,
		      struct error *err)
{
	const struct value *function = value_get(call, "function");
	struct block *block = message_add(chat->arena, message, BLOCK_TOOL_USE);
	struct str input = value_get_string(function, "arguments");

	block->id = value_get_string(call, "id");
	block->name = value_get_string(function, "name");
	if (!block->id.len || !block->name.len)
		return error_set(err, ERROR_USAGE, "tool_calls: id or function.name is missing");
	block->input =
		input.len ? json_read(chat->arena, input, 0, err) : value_object(chat->arena);
	if (!block->input || !value_is(block->input, VALUE_OBJECT))
		return error_set(
			err, ERROR_USAGE,
			"tool_calls, \"%.*s\": arguments must be a JSON object as a string",
			STR_ARG(block->id));
	return true;
}

static bool read_assistant(const struct value *tree, struct chat *chat, struct str text,
			   struct error *err)
{
	const struct value *calls = value_get(tree, "tool_calls");
	struct message *message = message_of(chat, ROLE_ASSISTANT);

	if (text.len)
		message_add_text(chat->arena, message, text);
	for (size_t i = 0; i < value_len(calls); i++) {
		if (!read_call(value_at(calls, i), chat, message, err))
			return false;
	}
	return message->len || error_set(err, ERROR_USAGE, "neither content nor tool_calls");
}

static bool read_tool(const struct value *tree, struct chat *chat, struct str text,
		      struct error *err)
{
	struct block *block;
	struct str id = value_get_string(tree, "tool_call_id");

	if (!id.len)
		return error_set(err, ERROR_USAGE, "tool_call_id is missing");
	block = message_add(chat->arena, message_of(chat, ROLE_USER), BLOCK_TOOL_RESULT);
	block->id = id;
	block->text = text;
	return true;
}

static bool read_message(const struct value *tree, struct chat *chat, struct error *err)
{
	struct str role = value_get_string(tree, "role");
	struct str text;

	if (!read_content(value_get(tree, "content"), chat->arena, &text, err))
		return false;
	if (str_eq(role, STR("system")) || str_eq(role, STR("developer"))) {
		chat->system = chat->system.len ? arena_printf(chat->arena, "%.*s\n\n%.*s",
							       STR_ARG(chat->system), STR_ARG(text))
						: text;
		return true;
	}
	if (str_eq(role, STR("assistant")))
		return read_assistant(tree, chat, text, err);
	if (str_eq(role, STR("tool")))
		return read_tool(tree, chat, text, err);
	if (!str_eq(role, STR("user")))
		return error_set(
			err, ERROR_USAGE,
			"role \"%.*s\": must be system, developer, user, assistant or tool",
			STR_ARG(role));
	if (!text.len)
		return error_set(err, ERROR_USAGE, "content is missing");
	message_add_text(chat->arena, message_of(chat, ROLE_USER), text);
	return true;
}

bool openai_read_messages(const struct value *tree, struct chat *chat, struct error *err)
{
	const struct value *list =
		value_is(tree, VALUE_OBJECT) ? value_get(tree, "messages") : tree;

	if (!value_is(list, VALUE_ARRAY) || value_len(list) > OPENAI_MESSAGES_MAX)
		return error_set(
			err, ERROR_USAGE,
			"must be a list of at most %d messages, or an object with the list as \"messages\"",
			OPENAI_MESSAGES_MAX);
	for (size_t i = 0; i < value_len(list); i++) {
		if (!read_message(value_at(list, i), chat, err))
			return error_wrap(err, "message %zu", i);
	}
	if (!chat->len || chat->messages[0].role != ROLE_USER)
		return error_set(err, ERROR_USAGE,
				 "the first message besides system must be the user's");
	return true;
}

/* ---- Tools ---- */

bool openai_read_tools(const struct value *tree, struct chat *chat, struct error *err)
{
	const struct value *list = value_is(tree, VALUE_OBJECT) ? value_get(tree, "tools") : tree;

	if (!value_is(list, VALUE_ARRAY) || value_len(list) > OPENAI_TOOLS_MAX)
		return error_set(err, ERROR_USAGE, "must be a list of at most %d tools",
				 OPENAI_TOOLS_MAX);
	chat->tools = ARENA_ARRAY(chat->arena, struct tool, value_len(list));
	for (size_t i = 0; i < value_len(list); i++) {
		const struct value *function = value_get(value_at(list, i), "function");
		struct tool *tool = &chat->tools[chat->tools_len++];

		tool->name = value_get_string(function, "name");
		tool->description = value_get_string(function, "description");
		tool->schema = value_get(function, "parameters");
		if (!tool->name.len)
			return error_set(err, ERROR_USAGE, "tool %zu: function.name is missing", i);
		if (!tool->schema) {
			tool->schema = value_object(chat->arena);
			put_word(chat->arena, tool->schema, "type", "object");
		}
	}
	qsort(chat->tools, chat->tools_len, sizeof(*chat->tools), tool_compare);
	return true;
}

/* ---- Replies ---- */

static const char *finish_reason(const struct reply *reply)
{
	switch (reply->stop) {
	case STOP_TOOL_USE:
		return "tool_calls";
	case STOP_MAX_TOKENS:
	case STOP_CONTEXT_WINDOW:
		return "length";
	case STOP_GUARDRAIL:
	case STOP_FILTERED:
		return "content_filter";
	default:
		return "stop";
	}
}

static struct value *head(struct arena *arena, const struct openai_stamp *stamp, const char *object,
			  struct str model)
{
	struct value *tree = value_object(arena);

	put_text(arena, tree, "id", stamp->id);
	put_word(arena, tree, "object", object);
	put_int(arena, tree, "created", stamp->created);
	put_text(arena, tree, "model", model);
	return tree;
}

static void add_choice(struct arena *arena, struct value *tree, const char *name,
		       struct value *content, const char *reason)
{
	struct value *choices = value_array(arena);
	struct value *choice = value_object(arena);

	put_int(arena, choice, "index", 0);
	value_set(arena, choice, name, content);
	value_set(arena, choice, "finish_reason",
		  reason ? value_text(arena, reason) : value_null(arena));
	value_append(arena, choices, choice);
	value_set(arena, tree, "choices", choices);
}

static struct value *call_value(struct arena *arena, const struct block *block, size_t idx)
{
	SCOPED(buf) struct buf input = BUF_INIT;
	struct value *call = value_object(arena);
	struct value *function = value_object(arena);

	json_write(&input, block->input, JSON_COMPACT);
	put_text(arena, function, "name", block->name);
	put_text(arena, function, "arguments", buf_str(&input));
	put_int(arena, call, "index", (int64_t)idx);
	put_text(arena, call, "id", block->id);
	put_word(arena, call, "type", "function");
	value_set(arena, call, "function", function);
	return call;
}

static void add_calls(struct arena *arena, struct value *message, const struct reply *reply)
{
	struct value *calls = value_array(arena);

	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *block = &reply->message.blocks[i];

		if (block->kind == BLOCK_TOOL_USE)
			value_append(arena, calls, call_value(arena, block, value_len(calls)));
	}
	if (value_len(calls))
		value_set(arena, message, "tool_calls", calls);
}

static void add_usage(struct arena *arena, struct value *tree, const struct usage *usage)
{
	struct value *object = value_object(arena);
	struct value *details = value_object(arena);
	int64_t prompt = usage->input + usage->cache_read + usage->cache_write;

	put_int(arena, object, "prompt_tokens", prompt);
	put_int(arena, object, "completion_tokens", usage->output);
	put_int(arena, object, "total_tokens", prompt + usage->output);
	put_int(arena, details, "cached_tokens", usage->cache_read);
	value_set(arena, object, "prompt_tokens_details", details);
	value_set(arena, tree, "usage", object);
}

struct value *openai_completion(struct arena *arena, const struct openai_stamp *stamp,
				const struct reply *reply)
{
	struct value *tree = head(arena, stamp, "chat.completion", reply->model);
	struct value *message = value_object(arena);
	struct str text = reply_text(arena, reply);

	put_word(arena, message, "role", "assistant");
	value_set(arena, message, "content",
		  text.len ? value_string(arena, text) : value_null(arena));
	add_calls(arena, message, reply);
	add_choice(arena, tree, "message", message, finish_reason(reply));
	add_usage(arena, tree, &reply->usage);
	return tree;
}

struct value *openai_chunk(struct arena *arena, const struct openai_stamp *stamp, struct str model,
			   struct str text)
{
	struct value *tree = head(arena, stamp, "chat.completion.chunk", model);
	struct value *delta = value_object(arena);

	put_word(arena, delta, "role", "assistant");
	put_text(arena, delta, "content", text);
	add_choice(arena, tree, "delta", delta, NULL);
	return tree;
}

struct value *openai_last_chunk(struct arena *arena, const struct openai_stamp *stamp,
				const struct reply *reply)
{
	struct value *tree = head(arena, stamp, "chat.completion.chunk", reply->model);
	struct value *delta = value_object(arena);

	add_calls(arena, delta, reply);
	add_choice(arena, tree, "delta", delta, finish_reason(reply));
	add_usage(arena, tree, &reply->usage);
	return tree;
}
