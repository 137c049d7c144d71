/* OpenAI's shapes: what is taken, what is refused, and what is written back. */
#include "model/openai.h"

#include "base/buf.h"
#include "unit.h"
#include "value/json.h"

static struct value *parse(struct arena *arena, const char *text)
{
	struct error err;
	struct value *tree = json_read(arena, str_from(text), 0, &err);

	ck_assert_msg(tree != NULL, "%s", err.message);
	return tree;
}

TEST(messages_of_one_side_become_one)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct chat chat = {.arena = &arena};
	struct error err = {0};
	bool ok = openai_read_messages(
		parse(&arena,
		      "[{\"role\":\"system\",\"content\":\"a\"},{\"role\":\"developer\",\"content\":[{\"type\":\"text\",\"text\":\"b\"}]},{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"n\\\":1}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"42\"},{\"role\":\"user\",\"content\":\"y\"}]"),
		&chat, &err);

	ck_assert_msg(ok, "%s", err.message);
	ck_assert(str_eq(chat.system, STR("a\n\nb")));
	ck_assert_uint_eq(chat.len, 3);
	ck_assert_int_eq(chat.messages[1].blocks[0].kind, BLOCK_TOOL_USE);
	ck_assert_int_eq(value_get_int(chat.messages[1].blocks[0].input, "n", 0), 1);
	ck_assert_uint_eq(chat.messages[2].len, 2);
	ck_assert_int_eq(chat.messages[2].blocks[0].kind, BLOCK_TOOL_RESULT);
	ck_assert(str_eq(chat.messages[2].blocks[1].text, STR("y")));
}

TEST(refuses_what_is_not_a_conversation_and_names_the_place)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"{}", "must be a list"},
		{"[]", "must be the user's"},
		{"[{\"role\":\"assistant\",\"content\":\"x\"}]", "must be the user's"},
		{"[{\"role\":\"user\"}]", "message 0: content is missing"},
		{"[{\"role\":\"judge\",\"content\":\"x\"}]", "message 0: role \"judge\""},
		{"[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]", "part 0"},
		{"[{\"role\":\"tool\",\"content\":\"x\"}]", "tool_call_id is missing"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct chat chat = {.arena = &arena};
		struct error err = {0};

		ck_assert(!openai_read_messages(parse(&arena, rows[i].text), &chat, &err));
		ck_assert_int_eq(err.kind, ERROR_USAGE);
		ck_assert_msg(str_contains(str_from(err.message), str_from(rows[i].why)), "%s",
			      err.message);
	}
}

TEST(prompt_tokens_include_what_the_cache_held)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct block block = {.kind = BLOCK_TOOL_USE, .id = STR("c1"), .name = STR("f")};
	struct reply reply = {
		.message = {.role = ROLE_ASSISTANT, .blocks = &block, .len = 1},
		.stop = STOP_TOOL_USE,
		.usage = {.input = 5, .output = 7, .cache_read = 100, .cache_write = 20},
		.model = STR("m"),
	};
	const struct openai_stamp stamp = {STR("id"), 1};
	const struct value *tree;

	block.input = value_object(&arena);
	tree = openai_completion(&arena, &stamp, &reply);
	ck_assert_int_eq(value_get_int(value_get(tree, "usage"), "prompt_tokens", 0), 125);
	ck_assert_int_eq(value_get_int(value_get(tree, "usage"), "total_tokens", 0), 132);
	ck_assert(str_eq(value_as_string(value_at_pointer(tree, STR("/choices/0/finish_reason"))),
			 STR("tool_calls")));
	ck_assert(str_eq(value_as_string(value_at_pointer(
				 tree, STR("/choices/0/message/tool_calls/0/function/arguments"))),
			 STR("{}")));
}

TEST(tools_are_sorted_by_name)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct chat chat = {.arena = &arena};
	struct error err = {0};

	ck_assert(openai_read_tools(
		parse(&arena,
		      "[{\"type\":\"function\",\"function\":{\"name\":\"z\"}},{\"function\":{\"name\":\"a\"}}]"),
		&chat, &err));
	ck_assert_uint_eq(chat.tools_len, 2);
	ck_assert(str_eq(chat.tools[0].name, STR("a")));
	ck_assert(!openai_read_tools(parse(&arena, "[{\"name\":\"a\"}]"), &chat, &err));
	ck_assert_int_eq(err.kind, ERROR_USAGE);
}
