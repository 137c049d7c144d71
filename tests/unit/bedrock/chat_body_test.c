/* Bodies of requests, against golden texts. */
#include "bedrock/chat_body.h"

#include "bedrock/cache_points.h"
#include "unit.h"
#include "value/json.h"

static struct model claude(void)
{
	return (struct model){.id = STR("anthropic.claude-x"),
			      .traits = {.family = STR("claude"),
					 .cache_tokens_min = 10,
					 .cache_points_max = 4,
					 .tools = TOOLS_FORCED,
					 .streaming_tools = true,
					 .system_text = true,
					 .mixed_turns = true,
					 .structured_output = true},
			      .cache = true,
			      .stream = true};
}

static struct chat new_chat(struct arena *arena)
{
	return (struct chat){
		.arena = arena,
		.inference = {.max_tokens = 50, .temperature = -1, .top_p = -1, .top_k = -1}};
}

static struct str body_of(struct arena *arena, struct value *body)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	ck_assert_ptr_nonnull(body);
	json_write(&text, body, JSON_COMPACT);
	return arena_str(arena, buf_str(&text));
}

static struct str converse(struct arena *arena, const struct model *model, const struct chat *chat)
{
	struct request_options options = {.model = model};
	struct error err = {0};

	return body_of(arena, converse_request(arena, &options, chat, &err));
}

static struct str messages(struct arena *arena, const struct model *model, const struct chat *chat)
{
	struct request_options options = {.model = model,
					  .anthropic_version = STR("bedrock-2023-05-31")};
	struct error err = {0};

	return body_of(arena, messages_request(arena, &options, chat, &err));
}

static struct value *json(struct arena *arena, const char *text)
{
	struct error err = {0};
	struct value *value = json_read(arena, str_from(text), 0, &err);

	ck_assert_msg(value != NULL, "%s", err.message);
	return value;
}

/* A turn with a tool: question, reasoning and call, result, with two cache points. */
static struct chat tool_chat(struct arena *arena)
{
	struct chat chat = new_chat(arena);
	struct message *message;
	struct block *block;

	chat.system = STR("You review code, carefully and briefly, in English.");
	chat.tools = ARENA_NEW(arena, struct tool);
	chat.tools_len = 1;
	chat.tools[0] = (struct tool){.name = STR("read_file"),
				      .description = STR("Reads a file."),
				      .schema = json(arena, "{\"type\":\"object\"}")};
	chat.tool_choice = TOOL_ANY;
	message = chat_add(&chat, ROLE_USER);
	message_add_text(arena, message, STR("The change."));
	message_add(arena, message, BLOCK_CACHE_POINT)->long_life = true;
	message_add_text(arena, message, STR("Review it."));
	message = chat_add(&chat, ROLE_ASSISTANT);
	block = message_add(arena, message, BLOCK_REASONING);
	block->text = STR("Hm.");
	block->signature = STR("c2ln");
	message_add(arena, message, BLOCK_REDACTED)->text = STR("cmVk");
	block = message_add(arena, message, BLOCK_TOOL_USE);
	block->id = STR("t1");
	block->name = STR("read_file");
	block->input = json(arena, "{\"path\":\"a.c\"}");
	message = chat_add(&chat, ROLE_USER);
	block = message_add(arena, message, BLOCK_TOOL_RESULT);
	block->id = STR("t1");
	block->text = STR("no such file");
	block->is_error = true;
	message_add(arena, message, BLOCK_CACHE_POINT);
	return chat;
}

TEST(writes_tools_reasoning_and_cache_points_for_converse)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = claude();
	struct chat chat = tool_chat(&arena);

	ck_assert_str_is(
		converse(&arena, &model, &chat),
		STR("{\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"read_file\",\"description\":\"Reads a file.\",\"inputSchema\":{\"json\":{\"type\":\"object\"}}}}],\"toolChoice\":{\"any\":{}}},\"system\":[{\"text\":\"You review code, carefully and briefly, in English.\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"The change.\"},{\"cachePoint\":{\"type\":\"default\",\"ttl\":\"1h\"}},{\"text\":\"Review it.\"}]},{\"role\":\"assistant\",\"content\":[{\"reasoningContent\":{\"reasoningText\":{\"text\":\"Hm.\",\"signature\":\"c2ln\"}}},{\"reasoningContent\":{\"redactedContent\":\"cmVk\"}},{\"toolUse\":{\"toolUseId\":\"t1\",\"name\":\"read_file\",\"input\":{\"path\":\"a.c\"}}}]},{\"role\":\"user\",\"content\":[{\"toolResult\":{\"toolUseId\":\"t1\",\"content\":[{\"text\":\"no such file\"}],\"status\":\"error\"}},{\"cachePoint\":{\"type\":\"default\"}}]}],\"inferenceConfig\":{\"maxTokens\":50}}"));
}

TEST(writes_the_same_chat_for_messages)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = claude();
	struct chat chat = tool_chat(&arena);

	ck_assert_str_is(
		messages(&arena, &model, &chat),
		STR("{\"anthropic_version\":\"bedrock-2023-05-31\",\"tools\":[{\"name\":\"read_file\",\"description\":\"Reads a file.\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"any\"},\"system\":[{\"type\":\"text\",\"text\":\"You review code, carefully and briefly, in English.\"}],\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"The change.\",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}},{\"type\":\"text\",\"text\":\"Review it.\"}]},{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm.\",\"signature\":\"c2ln\"},{\"type\":\"redacted_thinking\",\"data\":\"cmVk\"},{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"read_file\",\"input\":{\"path\":\"a.c\"}}]},{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"no such file\",\"is_error\":true,\"cache_control\":{\"type\":\"ephemeral\"}}]}],\"max_tokens\":50}"));
}

TEST(puts_the_system_text_first_for_a_model_that_takes_none)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = {.traits = {.family = STR("titan")}};
	struct chat chat = new_chat(&arena);

	chat.system = STR("Be brief.");
	message_add_text(&arena, chat_add(&chat, ROLE_USER), STR("Hello."));
	ck_assert_str_is(
		converse(&arena, &model, &chat),
		STR("{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Be brief.\"},{\"text\":\"Hello.\"}]}],\"inferenceConfig\":{\"maxTokens\":50}}"));
}

TEST(never_forces_a_tool_on_a_model_that_thinks)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = claude();
	struct chat chat = tool_chat(&arena);
	struct str body;

	chat.inference.thinking = THINKING_BUDGET;
	chat.inference.thinking_budget = 1024;
	body = converse(&arena, &model, &chat);
	ck_assert(!str_contains(body, STR("toolChoice")));
	ck_assert(str_contains(
		body,
		STR("\"additionalModelRequestFields\":{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}}")));
	chat.inference.thinking = THINKING_ADAPTIVE;
	chat.inference.effort = STR("high");
	body = messages(&arena, &model, &chat);
	ck_assert(!str_contains(body, STR("tool_choice")));
	ck_assert(str_contains(
		body,
		STR("\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"high\"}")));
}

TEST(asks_for_a_shape_in_the_way_that_the_model_supports)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = claude();
	struct chat chat = new_chat(&arena);
	struct str body;

	chat.output_schema =
		json(&arena, "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}");
	message_add_text(&arena, chat_add(&chat, ROLE_USER), STR("Count."));
	body = converse(&arena, &model, &chat);
	ck_assert(str_contains(
		body,
		STR("\"outputConfig\":{\"textFormat\":{\"type\":\"json_schema\",\"structure\":{\"jsonSchema\":{\"schema\":\"{")));
	ck_assert(str_contains(body, STR("\\\"additionalProperties\\\":false")));
	ck_assert(str_contains(messages(&arena, &model, &chat),
			       STR("\"output_config\":{\"format\":{\"type\":\"json_schema\",")));

	model.traits.structured_output = false;
	body = converse(&arena, &model, &chat);
	ck_assert(str_contains(body, STR("\"toolChoice\":{\"tool\":{\"name\":\"answer\"}}")));

	model.traits.tools = TOOLS_NONE;
	body = converse(&arena, &model, &chat);
	ck_assert(str_contains(body, STR("It must match this JSON Schema:")));
	ck_assert(!str_contains(body, STR("toolConfig")));
}

TEST(inlines_references_for_models_that_know_none)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = claude();
	struct chat chat = tool_chat(&arena);

	chat.tools[0].schema = json(
		&arena,
		"{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/x\"}},\"$defs\":{\"x\":{\"type\":\"string\"}}}");
	ck_assert(str_contains(converse(&arena, &model, &chat), STR("\"$ref\"")));
	model.traits.family = STR("nova");
	ck_assert(str_contains(converse(&arena, &model, &chat),
			       STR("\"properties\":{\"a\":{\"type\":\"string\"}}")));
}

TEST(sends_the_guardrail_and_what_else_the_model_shall_get)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = claude();
	struct chat chat = new_chat(&arena);
	struct request_options options = {.model = &model,
					  .guardrail_id = STR("abc"),
					  .guardrail_version = STR("1"),
					  .stream = true};
	struct error err = {0};
	struct str body;

	model.traits.family = STR("nova");
	chat.inference.top_k = 20;
	chat.inference.temperature = 0.5;
	options.fields = json(&arena, "{\"extra\":1}");
	message_add(&arena, chat_add(&chat, ROLE_USER), BLOCK_GUARD)->text = STR("judge this");
	body = body_of(&arena, converse_request(&arena, &options, &chat, &err));
	ck_assert_str_is(
		body,
		STR("{\"messages\":[{\"role\":\"user\",\"content\":[{\"guardContent\":{\"text\":{\"text\":\"judge this\"}}}]}],\"inferenceConfig\":{\"maxTokens\":50,\"temperature\":0.5},\"additionalModelRequestFields\":{\"extra\":1,\"inferenceConfig\":{\"topK\":20}},\"guardrailConfig\":{\"guardrailIdentifier\":\"abc\",\"guardrailVersion\":\"1\",\"trace\":\"disabled\",\"streamProcessingMode\":\"sync\"}}"));
}

TEST(makes_metadata_of_what_the_service_takes)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf long_unit = BUF_INIT;
	struct chat_origin origin = {.agent = STR("s\xc3\xa9"
						  "c'urity\n")};
	struct value *metadata;

	buf_add_many(&long_unit, 'x', 300);
	origin.unit = buf_str(&long_unit);
	metadata = request_metadata(&arena, &origin);
	ck_assert_str_is(value_get_string(metadata, "outcrop.agent"), STR("s_c_urity_"));
	ck_assert_uint_eq(value_get_string(metadata, "outcrop.unit").len, 256);
	ck_assert_ptr_null(request_metadata(&arena, &(struct chat_origin){0}));
}

TEST(keeps_four_cache_points_the_first_and_the_last)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = claude();
	struct chat chat = new_chat(&arena);
	struct message *message = chat_add(&chat, ROLE_USER);
	struct cache_points points;

	for (int i = 0; i < 6; i++) {
		message_add_text(&arena, message,
				 STR("Fifty bytes of text, or so, for one more block of it."));
		message_add(&arena, message, BLOCK_CACHE_POINT);
	}
	message->blocks[9].long_life = true;
	cache_points_choose(&points, &model, &chat);
	ck_assert_uint_eq(points.len, 4);
	ck_assert_uint_eq(points.items[0].block, 1);
	ck_assert_uint_eq(points.items[1].block, 7);
	ck_assert_uint_eq(points.items[3].block, 11);
	ck_assert(points.items[0].hour && points.items[2].hour && !points.items[3].hour);

	model.traits.cache_points_max = 1;
	cache_points_choose(&points, &model, &chat);
	ck_assert_uint_eq(points.len, 1);
	ck_assert_uint_eq(points.items[0].block, 11);
}

TEST(sends_no_cache_point_that_the_service_would_ignore)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = claude();
	struct chat chat = new_chat(&arena);
	struct message *message = chat_add(&chat, ROLE_USER);
	struct cache_points points;

	model.traits.cache_tokens_min = 1024;
	message_add_text(&arena, message, STR("short"));
	message_add(&arena, message, BLOCK_CACHE_POINT);
	cache_points_choose(&points, &model, &chat);
	ck_assert_uint_eq(points.len, 0);
	model.traits.cache_tokens_min = 1;
	model.cache = false;
	cache_points_choose(&points, &model, &chat);
	ck_assert_uint_eq(points.len, 0);
}

TEST(names_documents_as_the_service_wants_it)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model model = claude();
	struct chat chat = new_chat(&arena);
	struct block *block = message_add(&arena, chat_add(&chat, ROLE_USER), BLOCK_DOCUMENT);

	block->name = STR("docs/a_b.md");
	block->format = STR("md");
	block->text = STR("# A");
	ck_assert(str_contains(
		converse(&arena, &model, &chat),
		STR("{\"document\":{\"format\":\"md\",\"name\":\"docs-a-b-md\",\"source\":{\"bytes\":\"IyBB\"}}}")));
	ck_assert(str_contains(
		messages(&arena, &model, &chat),
		STR("{\"type\":\"document\",\"source\":{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"# A\"},\"title\":\"docs/a_b.md\"}")));
}
