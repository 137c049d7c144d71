/* The parts that the bodies of both APIs share. */
#include "bedrock/chat_body.h"

#include "base/utf8.h"
#include "value/json.h"
#include "value/put.h"
#include "value/schema.h"

enum { METADATA_VALUE_MAX = 256 };

static bool can_force(const struct model *model, const struct chat *chat)
{
	enum thinking_kind thinking = chat->inference.thinking;

	return model->traits.tools >= TOOLS_ANY &&
	       (thinking == THINKING_OFF || thinking == THINKING_DISABLED);
}

enum output_way request_output_way(const struct model *model, const struct chat *chat)
{
	if (!chat->output_schema)
		return OUTPUT_NONE;
	if (model->traits.structured_output)
		return OUTPUT_NATIVE;
	if (can_force(model, chat) && chat->tools_len == 0)
		return OUTPUT_TOOL;
	return OUTPUT_PROMPT;
}

struct str request_output_name(const struct chat *chat)
{
	return chat->output_name.len ? chat->output_name : STR("answer");
}

const struct tool *request_tools(struct arena *arena, const struct chat *chat, enum output_way way,
				 size_t *len)
{
	struct tool *answer;

	if (way != OUTPUT_TOOL) {
		*len = chat->tools_len;
		return chat->tools;
	}
	answer = ARENA_ARRAY(arena, struct tool, 1);
	*answer = (struct tool){
		.name = request_output_name(chat),
		.description = STR("Gives the answer."),
		.schema = chat->output_schema,
	};
	*len = 1;
	return answer;
}

enum tool_choice request_tool_choice(const struct model *model, const struct chat *chat)
{
	enum tool_choice choice = chat->tool_choice;

	if (request_output_way(model, chat) == OUTPUT_TOOL)
		choice = TOOL_NAMED;
	if (!can_force(model, chat))
		return TOOL_AUTO;
	return choice == TOOL_NAMED && model->traits.tools == TOOLS_ANY ? TOOL_ANY : choice;
}

/* The service accepts only some characters; others become "_". */
static void put_metadata(struct arena *arena, struct value *object, const char *name,
			 struct str text)
{
	static const char kept[] = " \t:_@$#=/+,-.";
	SCOPED(buf) struct buf safe = BUF_INIT;
	uint32_t character;

	if (text.len == 0)
		return;
	while (safe.len < METADATA_VALUE_MAX && utf8_next(&text, &character)) {
		bool is_word = (character >= 'a' && character <= 'z') ||
			       (character >= 'A' && character <= 'Z') ||
			       (character >= '0' && character <= '9');
		char c = character < 0x80 ? (char)character : '\0';

		if (!is_word && (!c || str_find_char(str_of(kept, sizeof(kept) - 1), c, 0) < 0))
			c = '_';
		buf_add_char(&safe, c);
	}
	put_text(arena, object, name, buf_str(&safe));
}

struct value *request_metadata(struct arena *arena, const struct chat_origin *origin)
{
	struct value *metadata = value_object(arena);

	put_metadata(arena, metadata, "outcrop.agent", origin->agent);
	put_metadata(arena, metadata, "outcrop.repository", origin->repository);
	put_metadata(arena, metadata, "outcrop.pull_request", origin->pull_request);
	put_metadata(arena, metadata, "outcrop.run_id", origin->run_id);
	put_metadata(arena, metadata, "outcrop.unit", origin->unit);
	return value_len(metadata) ? metadata : NULL;
}

struct value *request_schema(struct arena *arena, const struct model *model, struct value *schema,
			     struct error *err)
{
	if (str_eq(model->traits.family, STR("claude")))
		return schema;
	return schema_inline(arena, schema, err);
}

struct str request_system_text(struct arena *arena, const struct model *model,
			       const struct chat *chat)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (request_output_way(model, chat) != OUTPUT_PROMPT)
		return chat->system;
	buf_add(&text, chat->system);
	buf_add(&text,
		STR("\n\nAnswer with one JSON object and nothing else: no words around it, no code fence. It must match this JSON Schema:\n"));
	json_write(&text, chat->output_schema, JSON_COMPACT);
	return arena_str(arena, str_trim(buf_str(&text)));
}

bool request_block_counts(const struct block *block)
{
	if (block->kind == BLOCK_TEXT || block->kind == BLOCK_GUARD)
		return str_trim(block->text).len > 0;
	return true;
}

bool request_join_text(struct arena *arena, struct value *content, const struct block *block)
{
	struct value *last = value_at(content, value_len(content) - 1);
	struct str before = value_get_string(last, "text");

	if (!block->joined || !before.len)
		return false;
	put_borrowed(arena, last, "text", arena_join(arena, before, block->text));
	return true;
}

struct value *request_output_schema(struct arena *arena, const struct request_options *options,
				    const struct chat *chat)
{
	return options->loose_schema ? schema_loosened(arena, chat->output_schema)
				     : schema_for_structured_output(arena, chat->output_schema);
}

bool request_is_strict(const struct request_options *options, const struct chat *chat,
		       struct str tool)
{
	return options->strict_tools && chat->answer_tool.len && str_eq(chat->answer_tool, tool);
}

void request_put_thinking(struct arena *arena, struct value *object,
			  const struct inference *inference)
{
	static const char *const types[] = {[THINKING_BUDGET] = "enabled",
					    [THINKING_ADAPTIVE] = "adaptive",
					    [THINKING_DISABLED] = "disabled"};
	struct value *thinking;

	if (inference->thinking == THINKING_OFF)
		return;
	thinking = put_object(arena, object, "thinking");
	put_text(arena, thinking, "type", str_from(types[inference->thinking]));
	if (inference->thinking == THINKING_BUDGET)
		put_int(arena, thinking, "budget_tokens", inference->thinking_budget);
}
