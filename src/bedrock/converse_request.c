/* A chat as the body of Converse and ConverseStream. */
#include "bedrock/chat_body.h"

#include "base/ascii.h"
#include "base/encode.h"
#include "bedrock/cache_points.h"
#include "value/json.h"
#include "value/put.h"
#include "value/schema.h"

enum { DOCUMENT_NAME_MAX = 200 };

/* The inputs of every part of the body. */
struct converse_builder {
	struct arena *arena;
	const struct request_options *options;
	const struct chat *chat;
	enum output_way way;
	struct cache_points points;
};

static void append_cache_point(struct arena *arena, struct value *list,
			       const struct cache_point *point)
{
	struct value *cache = put_object(arena, append_object(arena, list), "cachePoint");

	put_text(arena, cache, "type", STR("default"));
	if (point->hour)
		put_text(arena, cache, "ttl", STR("1h"));
}

/* Letters, digits, single spaces, hyphens, brackets: the service rejects other characters. */
static struct str document_name(struct arena *arena, struct str name)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	for (size_t i = 0; i < name.len && out.len < DOCUMENT_NAME_MAX; i++) {
		char c = name.ptr[i];
		bool ok = ascii_is_alnum(c) || c == '(' || c == ')' || c == '[' || c == ']';

		buf_add_char(&out, ok ? c : '-');
	}
	return out.len ? arena_str(arena, buf_str(&out)) : STR("document");
}

static struct value *document(struct arena *arena, const struct block *block)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	struct value *object = value_object(arena);

	put_text(arena, object, "format", block->format.len ? block->format : STR("txt"));
	put_text(arena, object, "name", document_name(arena, block->name));
	base64_add(&bytes, block->text);
	put_text(arena, put_object(arena, object, "source"), "bytes", buf_str(&bytes));
	return object;
}

/* Claude and Nova support the status of a result; for others it is text. */
static bool knows_status(const struct request_options *options)
{
	struct str family = options->model->traits.family;

	if (options->no_status)
		return false;
	return family.len == 0 || str_eq(family, STR("claude")) || str_eq(family, STR("nova"));
}

static struct value *tool_result(struct arena *arena, const struct request_options *options,
				 const struct block *block)
{
	struct value *object = value_object(arena);
	struct str text = block->text.len ? block->text : STR("(empty)");
	struct value *content;

	put_text(arena, object, "toolUseId", block->id);
	content = put_array(arena, object, "content");
	if (block->is_error && !knows_status(options))
		text = arena_printf(arena, "error: %.*s", STR_ARG(text));
	put_text(arena, append_object(arena, content), "text", text);
	if (block->is_error && knows_status(options))
		put_text(arena, object, "status", STR("error"));
	return object;
}

static struct value *reasoning(struct arena *arena, const struct block *block)
{
	struct value *object = value_object(arena);
	struct value *text;

	if (block->kind == BLOCK_REDACTED) {
		put_text(arena, object, "redactedContent", block->text);
		return object;
	}
	text = put_object(arena, object, "reasoningText");
	put_borrowed(arena, text, "text", block->text);
	if (block->signature.len)
		put_text(arena, text, "signature", block->signature);
	return object;
}

static void append_block(struct arena *arena, const struct request_options *options,
			 struct value *content, const struct block *block)
{
	struct value *item = append_object(arena, content);
	struct value *use;

	switch (block->kind) {
	case BLOCK_TEXT:
		put_borrowed(arena, item, "text", block->text);
		break;
	case BLOCK_TOOL_USE:
		use = put_object(arena, item, "toolUse");
		put_text(arena, use, "toolUseId", block->id);
		put_text(arena, use, "name", block->name);
		value_set(arena, use, "input", block->input ? block->input : value_object(arena));
		break;
	case BLOCK_TOOL_RESULT:
		value_set(arena, item, "toolResult", tool_result(arena, options, block));
		break;
	case BLOCK_REASONING:
	case BLOCK_REDACTED:
		value_set(arena, item, "reasoningContent", reasoning(arena, block));
		break;
	case BLOCK_GUARD:
		put_text(arena, put_object(arena, put_object(arena, item, "guardContent"), "text"),
			 "text", block->text);
		break;
	case BLOCK_DOCUMENT:
		value_set(arena, item, "document", document(arena, block));
		break;
	case BLOCK_CACHE_POINT: /* append_message() has them */
		break;
	}
}

static void append_message(const struct converse_builder *builder, struct value *messages,
			   size_t idx)
{
	struct arena *arena = builder->arena;
	const struct chat *chat = builder->chat;
	const struct message *message = &chat->messages[idx];
	struct value *object = append_object(arena, messages);
	struct value *content;
	struct str system;

	put_text(arena, object, "role",
		 message->role == ROLE_USER ? STR("user") : STR("assistant"));
	content = put_array(arena, object, "content");
	system = request_system_text(arena, builder->options->model, chat);
	if (idx == 0 && system.len && !builder->options->model->traits.system_text)
		put_borrowed(arena, append_object(arena, content), "text", system);
	for (size_t i = 0; i < message->len; i++) {
		const struct block *block = &message->blocks[i];
		const struct cache_point *point = cache_point_in_message(&builder->points, idx, i);

		if (point)
			append_cache_point(arena, content, point);
		else if (block->kind != BLOCK_CACHE_POINT && request_block_counts(block) &&
			 !request_join_text(arena, content, block))
			append_block(arena, builder->options, content, block);
	}
	if (value_len(content) == 0) /* the service refuses a message without content */
		put_text(arena, append_object(arena, content), "text", STR("(empty)"));
}

static void put_system(const struct converse_builder *builder, struct value *body)
{
	struct arena *arena = builder->arena;
	struct str text = request_system_text(arena, builder->options->model, builder->chat);
	const struct cache_point *point = cache_point_after_system(&builder->points);
	struct value *list;

	if (str_trim(text).len == 0 || !builder->options->model->traits.system_text)
		return;
	list = put_array(arena, body, "system");
	put_borrowed(arena, append_object(arena, list), "text", text);
	if (point)
		append_cache_point(arena, list, point);
}

static void put_inference(const struct converse_builder *builder, struct value *body)
{
	struct arena *arena = builder->arena;
	const struct inference *inference = &builder->chat->inference;
	struct value *object = put_object(arena, body, "inferenceConfig");
	struct value *stop;

	/* Nova accepts no limit with the highest effort. */
	if (builder->options->model->traits.effort != EFFORT_NOVA ||
	    !str_eq(inference->effort, STR("high")))
		put_int(arena, object, "maxTokens", inference->max_tokens);
	if (inference->temperature >= 0)
		put_real(arena, object, "temperature", inference->temperature);
	if (inference->top_p >= 0)
		put_real(arena, object, "topP", inference->top_p);
	if (inference->stop_len == 0)
		return;
	stop = put_array(arena, object, "stopSequences");
	for (size_t i = 0; i < inference->stop_len; i++)
		value_append(arena, stop, value_string(arena, inference->stop[i]));
}

static bool append_tool(const struct converse_builder *builder, struct value *tools,
			const struct tool *tool, struct error *err)
{
	struct arena *arena = builder->arena;
	struct value *spec;
	bool strict = request_is_strict(builder->options, builder->chat, tool->name);
	struct value *taken = request_schema(arena, builder->options->model, tool->schema, err);

	if (!taken)
		return error_wrap(err, "tool \"%.*s\"", STR_ARG(tool->name));
	spec = put_object(arena, append_object(arena, tools), "toolSpec");
	put_text(arena, spec, "name", tool->name);
	if (tool->description.len)
		put_text(arena, spec, "description", tool->description);
	if (strict)
		put_bool(arena, spec, "strict", true);
	value_set(arena, put_object(arena, spec, "inputSchema"), "json",
		  strict ? schema_for_structured_output(arena, taken) : taken);
	return true;
}

static void put_tool_choice(const struct converse_builder *builder, struct value *config)
{
	struct arena *arena = builder->arena;
	enum tool_choice choice = request_tool_choice(builder->options->model, builder->chat);
	struct str named = builder->chat->tool_named;
	struct value *object;

	if (builder->way == OUTPUT_TOOL)
		named = request_output_name(builder->chat);
	if (choice == TOOL_AUTO) /* is what holds when nothing is sent */
		return;
	object = put_object(arena, config, "toolChoice");
	if (choice == TOOL_ANY)
		put_object(arena, object, "any");
	else
		put_text(arena, put_object(arena, object, "tool"), "name", named);
}

static bool put_tools(const struct converse_builder *builder, struct value *body, struct error *err)
{
	struct arena *arena = builder->arena;
	const struct chat *chat = builder->chat;
	const struct cache_point *point = cache_point_after_tools(&builder->points);
	size_t len;
	const struct tool *sent = request_tools(arena, chat, builder->way, &len);
	struct value *config, *tools;

	if (!len)
		return true;
	config = put_object(arena, body, "toolConfig");
	tools = put_array(arena, config, "tools");
	for (size_t i = 0; i < len; i++) {
		if (!append_tool(builder, tools, &sent[i], err))
			return false;
	}
	if (point)
		append_cache_point(arena, tools, point);
	put_tool_choice(builder, config);
	return true;
}

static void put_guardrail(const struct converse_builder *builder, struct value *body)
{
	struct arena *arena = builder->arena;
	const struct request_options *options = builder->options;
	struct value *object;

	if (options->guardrail_id.len == 0)
		return;
	object = put_object(arena, body, "guardrailConfig");
	put_text(arena, object, "guardrailIdentifier", options->guardrail_id);
	put_text(arena, object, "guardrailVersion",
		 options->guardrail_version.len ? options->guardrail_version : STR("DRAFT"));
	/* The trace would repeat the text that the guardrail blocks. */
	put_text(arena, object, "trace", STR("disabled"));
	if (options->stream) /* "async" shows text before it was judged */
		put_text(arena, object, "streamProcessingMode", STR("sync"));
}

/* Each family has another name for it. */
static void put_top_k(const struct converse_builder *builder, struct value *fields)
{
	struct arena *arena = builder->arena;
	struct str family = builder->options->model->traits.family;
	int64_t top_k = builder->chat->inference.top_k;

	if (str_eq(family, STR("nova")))
		put_int(arena, put_object(arena, fields, "inferenceConfig"), "topK", top_k);
	else
		put_int(arena, fields, str_eq(family, STR("cohere")) ? "k" : "top_k", top_k);
}

/* Models without the setting that Converse has for it take their vendor's own. */
static void put_effort_field(const struct converse_builder *builder, struct value *fields)
{
	struct arena *arena = builder->arena;
	struct str effort = builder->chat->inference.effort;
	struct value *object;

	if (!effort.len)
		return;
	switch (builder->options->model->traits.effort) {
	case EFFORT_NONE:
	case EFFORT_OUTPUT_CONFIG:
		break;
	case EFFORT_REASONING:
		put_text(arena, put_object(arena, fields, "reasoning"), "effort", effort);
		break;
	case EFFORT_REASONING_EFFORT:
		put_text(arena, fields, "reasoning_effort", effort);
		break;
	case EFFORT_NOVA:
		object = put_object(arena, fields, "reasoningConfig");
		put_text(arena, object, "type", STR("enabled"));
		put_text(arena, object, "maxReasoningEffort", effort);
		break;
	}
}

/* Members that Converse does not have are passed to the model unchanged. */
static void put_further_fields(const struct converse_builder *builder, struct value *body)
{
	struct arena *arena = builder->arena;
	const struct inference *inference = &builder->chat->inference;
	struct value *fields = builder->options->fields
				       ? value_copy(arena, builder->options->fields)
				       : value_object(arena);

	if (inference->top_k >= 0)
		put_top_k(builder, fields);
	request_put_thinking(arena, fields, inference);
	put_effort_field(builder, fields);
	if (value_len(fields))
		value_set(arena, body, "additionalModelRequestFields", fields);
}

static void put_output(const struct converse_builder *builder, struct value *body)
{
	struct arena *arena = builder->arena;
	const struct chat *chat = builder->chat;
	enum effort_way way = builder->options->model->traits.effort;
	bool effort =
		chat->inference.effort.len && (way == EFFORT_NONE || way == EFFORT_OUTPUT_CONFIG);
	SCOPED(buf) struct buf schema = BUF_INIT;
	struct value *config, *format, *definition;

	if (builder->way != OUTPUT_NATIVE && !effort)
		return;
	config = put_object(arena, body, "outputConfig");
	if (effort)
		put_text(arena, config, "effort", chat->inference.effort);
	if (builder->way != OUTPUT_NATIVE)
		return;
	format = put_object(arena, config, "textFormat");
	put_text(arena, format, "type", STR("json_schema"));
	definition = put_object(arena, put_object(arena, format, "structure"), "jsonSchema");
	json_write(&schema, request_output_schema(arena, builder->options, chat), JSON_COMPACT);
	put_text(arena, definition, "schema", buf_str(&schema));
	put_text(arena, definition, "name", request_output_name(chat));
}

struct value *converse_request(struct arena *arena, const struct request_options *options,
			       const struct chat *chat, struct error *err)
{
	struct converse_builder builder = {.arena = arena, .options = options, .chat = chat};
	struct value *body = value_object(arena);
	struct value *messages, *metadata;

	builder.way = request_output_way(options->model, chat);
	cache_points_choose(&builder.points, options->model, chat);
	if (!put_tools(&builder, body, err))
		return NULL;
	put_system(&builder, body);
	messages = put_array(arena, body, "messages");
	for (size_t i = 0; i < chat->len; i++)
		append_message(&builder, messages, i);
	put_inference(&builder, body);
	put_further_fields(&builder, body);
	put_output(&builder, body);
	put_guardrail(&builder, body);
	if (options->service_tier.len)
		put_text(arena, put_object(arena, body, "serviceTier"), "type",
			 options->service_tier);
	if (options->project.len)
		put_text(arena, body, "projectIdentifier", options->project);
	metadata = options->no_metadata ? NULL : request_metadata(arena, &chat->origin);
	if (metadata)
		value_set(arena, body, "requestMetadata", metadata);
	return body;
}
