/* A chat as an Anthropic Messages body, for InvokeModel. */
#include "bedrock/chat_body.h"

#include "base/encode.h"
#include "bedrock/cache_points.h"
#include "value/put.h"
#include "value/schema.h"

struct messages_builder {
	struct arena *arena;
	const struct request_options *options;
	const struct chat *chat;
	enum output_way way;
	struct cache_points points;
};

/* In this API a cache point is a mark on the block before it. */
static void mark_cached(struct arena *arena, struct value *item, const struct cache_point *point)
{
	struct value *control;

	if (!item)
		return;
	control = put_object(arena, item, "cache_control");
	put_text(arena, control, "type", STR("ephemeral"));
	if (point->hour)
		put_text(arena, control, "ttl", STR("1h"));
}

static void put_document(struct arena *arena, struct value *item, const struct block *block)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	struct value *source = put_object(arena, item, "source");

	if (str_eq(block->format, STR("pdf"))) {
		put_text(arena, source, "type", STR("base64"));
		put_text(arena, source, "media_type", STR("application/pdf"));
		base64_add(&bytes, block->text);
		put_text(arena, source, "data", buf_str(&bytes));
	} else {
		put_text(arena, source, "type", STR("text"));
		put_text(arena, source, "media_type", STR("text/plain"));
		put_text(arena, source, "data", block->text);
	}
	if (block->name.len)
		put_text(arena, item, "title", block->name);
}

static void put_type(struct arena *arena, struct value *item, const char *type)
{
	put_text(arena, item, "type", str_from(type));
}

static void append_block(struct arena *arena, struct value *content, const struct block *block)
{
	struct value *item = append_object(arena, content);

	switch (block->kind) {
	case BLOCK_TEXT:
	case BLOCK_GUARD: /* InvokeModel judges the whole body: no block for it */
		put_type(arena, item, "text");
		put_borrowed(arena, item, "text", block->text);
		break;
	case BLOCK_TOOL_USE:
		put_type(arena, item, "tool_use");
		put_text(arena, item, "id", block->id);
		put_text(arena, item, "name", block->name);
		value_set(arena, item, "input", block->input ? block->input : value_object(arena));
		break;
	case BLOCK_TOOL_RESULT:
		put_type(arena, item, "tool_result");
		put_text(arena, item, "tool_use_id", block->id);
		put_text(arena, item, "content", block->text.len ? block->text : STR("(empty)"));
		if (block->is_error)
			put_bool(arena, item, "is_error", true);
		break;
	case BLOCK_REASONING:
		put_type(arena, item, "thinking");
		put_text(arena, item, "thinking", block->text);
		put_text(arena, item, "signature", block->signature);
		break;
	case BLOCK_REDACTED:
		put_type(arena, item, "redacted_thinking");
		put_text(arena, item, "data", block->text);
		break;
	case BLOCK_DOCUMENT:
		put_type(arena, item, "document");
		put_document(arena, item, block);
		break;
	case BLOCK_CACHE_POINT: /* append_message() has them */
		break;
	}
}

static void append_message(const struct messages_builder *builder, struct value *messages,
			   size_t idx)
{
	struct arena *arena = builder->arena;
	const struct message *message = &builder->chat->messages[idx];
	struct value *object = append_object(arena, messages);
	struct value *content;
	struct str system;

	put_text(arena, object, "role",
		 message->role == ROLE_USER ? STR("user") : STR("assistant"));
	content = put_array(arena, object, "content");
	system = request_system_text(arena, builder->options->model, builder->chat);
	if (idx == 0 && str_trim(system).len && !builder->options->model->traits.system_text) {
		struct value *text = append_object(arena, content);

		put_type(arena, text, "text");
		put_borrowed(arena, text, "text", system);
	}
	for (size_t i = 0; i < message->len; i++) {
		const struct block *block = &message->blocks[i];
		const struct cache_point *point = cache_point_in_message(&builder->points, idx, i);

		if (point && value_len(content))
			mark_cached(arena, value_at(content, value_len(content) - 1), point);
		if (block->kind != BLOCK_CACHE_POINT && request_block_counts(block) &&
		    !request_join_text(arena, content, block))
			append_block(arena, content, block);
	}
	if (value_len(content))
		return;
	content = append_object(arena, content); /* the service refuses a message without content */
	put_type(arena, content, "text");
	put_text(arena, content, "text", STR("(empty)"));
}

static bool append_tool(const struct messages_builder *builder, struct value *tools,
			const struct tool *tool, struct error *err)
{
	struct arena *arena = builder->arena;
	bool strict = request_is_strict(builder->options, builder->chat, tool->name);
	struct value *taken = request_schema(arena, builder->options->model, tool->schema, err);
	struct value *item;

	if (!taken)
		return error_wrap(err, "tool \"%.*s\"", STR_ARG(tool->name));
	item = append_object(arena, tools);
	put_text(arena, item, "name", tool->name);
	if (tool->description.len)
		put_text(arena, item, "description", tool->description);
	if (strict)
		put_bool(arena, item, "strict", true);
	value_set(arena, item, "input_schema",
		  strict ? schema_for_structured_output(arena, taken) : taken);
	return true;
}

static bool put_tools(const struct messages_builder *builder, struct value *body, struct error *err)
{
	struct arena *arena = builder->arena;
	const struct chat *chat = builder->chat;
	const struct cache_point *point = cache_point_after_tools(&builder->points);
	enum tool_choice choice = request_tool_choice(builder->options->model, chat);
	size_t len;
	const struct tool *sent = request_tools(arena, chat, builder->way, &len);
	struct value *tools, *object;

	if (!len)
		return true;
	tools = put_array(arena, body, "tools");
	for (size_t i = 0; i < len; i++) {
		if (!append_tool(builder, tools, &sent[i], err))
			return false;
	}
	if (point)
		mark_cached(arena, value_at(tools, value_len(tools) - 1), point);
	if (choice == TOOL_AUTO)
		return true;
	object = put_object(arena, body, "tool_choice");
	put_type(arena, object, choice == TOOL_ANY ? "any" : "tool");
	if (choice == TOOL_NAMED)
		put_text(arena, object, "name",
			 builder->way == OUTPUT_TOOL ? request_output_name(chat)
						     : chat->tool_named);
	return true;
}

static void put_system(const struct messages_builder *builder, struct value *body)
{
	struct arena *arena = builder->arena;
	struct str text = request_system_text(arena, builder->options->model, builder->chat);
	const struct cache_point *point = cache_point_after_system(&builder->points);
	struct value *item;

	if (str_trim(text).len == 0 || !builder->options->model->traits.system_text)
		return;
	item = append_object(arena, put_array(arena, body, "system"));
	put_type(arena, item, "text");
	put_borrowed(arena, item, "text", text);
	if (point)
		mark_cached(arena, item, point);
}

static void put_inference(const struct messages_builder *builder, struct value *body)
{
	struct arena *arena = builder->arena;
	const struct inference *inference = &builder->chat->inference;
	struct value *list;

	put_int(arena, body, "max_tokens", inference->max_tokens);
	if (inference->temperature >= 0)
		put_real(arena, body, "temperature", inference->temperature);
	if (inference->top_p >= 0)
		put_real(arena, body, "top_p", inference->top_p);
	if (inference->top_k >= 0)
		put_int(arena, body, "top_k", inference->top_k);
	if (inference->stop_len == 0)
		return;
	list = put_array(arena, body, "stop_sequences");
	for (size_t i = 0; i < inference->stop_len; i++)
		value_append(arena, list, value_string(arena, inference->stop[i]));
}

static void put_output(const struct messages_builder *builder, struct value *body)
{
	struct arena *arena = builder->arena;
	const struct chat *chat = builder->chat;
	bool effort = chat->inference.effort.len > 0;
	struct value *config, *format;

	if (builder->way != OUTPUT_NATIVE && !effort)
		return;
	config = put_object(arena, body, "output_config");
	if (effort)
		put_text(arena, config, "effort", chat->inference.effort);
	if (builder->way != OUTPUT_NATIVE)
		return;
	format = put_object(arena, config, "format");
	put_type(arena, format, "json_schema");
	value_set(arena, format, "schema", request_output_schema(arena, builder->options, chat));
}

struct value *messages_request(struct arena *arena, const struct request_options *options,
			       const struct chat *chat, struct error *err)
{
	struct messages_builder builder = {.arena = arena, .options = options, .chat = chat};
	struct value *body = value_object(arena);
	const struct value *fields = options->fields;
	struct value *messages;

	builder.way = request_output_way(options->model, chat);
	cache_points_choose(&builder.points, options->model, chat);
	put_text(arena, body, "anthropic_version", options->anthropic_version);
	if (!put_tools(&builder, body, err))
		return NULL;
	put_system(&builder, body);
	messages = put_array(arena, body, "messages");
	for (size_t i = 0; i < chat->len; i++)
		append_message(&builder, messages, i);
	put_inference(&builder, body);
	request_put_thinking(arena, body, &chat->inference);
	put_output(&builder, body);
	for (size_t i = 0; fields && i < value_len(fields); i++)
		value_set_str(arena, body, fields->object.members[i].name,
			      value_copy(arena, fields->object.members[i].value));
	return body;
}
