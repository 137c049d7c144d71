/* Exchanges as JSON: the text of a request names its recording, and a reply comes back as it was. */
#include "model/exchange.h"

#include "unit.h"
#include "value/json.h"

static struct value *object_of(struct arena *arena, const char *name)
{
	struct value *object = value_object(arena);

	value_set(arena, object, "type", value_text(arena, name));
	return object;
}

static void add_all_blocks(struct arena *arena, struct message *message)
{
	struct block *block;

	message_add_text(arena, message, STR("one line"));
	message_add_text(arena, message, STR("two\nlines\n"));
	message_add_text(arena, message, STR(""));
	block = message_add(arena, message, BLOCK_TOOL_USE);
	block->id = STR("call_1");
	block->name = STR("search");
	block->input = object_of(arena, "input");
	block = message_add(arena, message, BLOCK_TOOL_USE);
	block->text = STR("{broken");
	block->problem = STR("not JSON");
	block = message_add(arena, message, BLOCK_TOOL_RESULT);
	block->id = STR("call_1");
	block->text = STR("nothing");
	block->is_error = true;
	block = message_add(arena, message, BLOCK_REASONING);
	block->text = STR("hm");
	block->signature = STR("c2ln");
	message_add(arena, message, BLOCK_CACHE_POINT)->long_life = true;
	block = message_add(arena, message, BLOCK_DOCUMENT);
	block->name = STR("notes");
	block->format = STR("txt");
	block->text = STR("bytes");
}

static const char request_text[] =
	"{\"model\":\"sonnet\",\"system\":[\"Be brief.\",\"Be right.\"],"
	"\"tools\":[{\"name\":\"list\",\"description\":\"Lists.\"},{\"name\":\"search\",\"schema\":{\"type\":\"schema\"}}],"
	"\"tool_choice\":\"search\",\"output_schema\":{\"type\":\"output\"},"
	"\"messages\":[{\"role\":\"user\",\"blocks\":[{\"kind\":\"text\",\"text\":\"one line\"},"
	"{\"kind\":\"text\",\"text\":[\"two\",\"lines\",\"\"]},{\"kind\":\"text\"},"
	"{\"kind\":\"tool_use\",\"id\":\"call_1\",\"name\":\"search\",\"input\":{\"type\":\"input\"}},"
	"{\"kind\":\"tool_use\",\"text\":\"{broken\",\"problem\":\"not JSON\"},"
	"{\"kind\":\"tool_result\",\"id\":\"call_1\",\"text\":\"nothing\",\"is_error\":true},"
	"{\"kind\":\"reasoning\",\"text\":\"hm\",\"signature\":\"c2ln\"},"
	"{\"kind\":\"cache_point\",\"long_life\":true},"
	"{\"kind\":\"document\",\"name\":\"notes\",\"format\":\"txt\","
	"\"sha256\":\"277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9\"}]}],"
	"\"inference\":{\"max_tokens\":100,\"temperature\":0.0,\"top_k\":0,\"stop\":[\"END\"],"
	"\"thinking\":\"budget\",\"thinking_budget\":1024,\"effort\":\"high\"}}";

TEST(a_request_keeps_its_text_so_that_recordings_keep_their_names)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct model model = {.id = STR("sonnet")};
	struct tool tools[] = {
		{.name = STR("list"), .description = STR("Lists.")},
		{.name = STR("search"), .schema = object_of(&arena, "schema")},
	};
	struct str stop[] = {STR("END")};
	struct chat chat = {
		.arena = &arena,
		.system = STR("Be brief.\nBe right."),
		.tools = tools,
		.tools_len = ARRAY_LEN(tools),
		.tool_choice = TOOL_NAMED,
		.tool_named = STR("search"),
		.output_schema = object_of(&arena, "output"),
		.inference = {.max_tokens = 100,
			      .temperature = 0,
			      .top_p = -1,
			      .top_k = 0,
			      .stop = stop,
			      .stop_len = 1,
			      .thinking = THINKING_BUDGET,
			      .thinking_budget = 1024,
			      .effort = STR("high")},
	};

	add_all_blocks(&arena, chat_add(&chat, ROLE_USER));
	json_write(&text, exchange_request(&arena, &model, &chat), JSON_COMPACT);
	ck_assert_str_eq(text.ptr, request_text);
}

TEST(a_request_leaves_out_what_is_not_sent)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct model model = {.id = STR("nova")};
	struct chat chat = {
		.arena = &arena,
		.inference = {.max_tokens = 9, .temperature = -1, .top_p = 0.5, .top_k = -1},
	};

	json_write(&text, exchange_request(&arena, &model, &chat), JSON_COMPACT);
	ck_assert_str_eq(
		text.ptr,
		"{\"model\":\"nova\",\"messages\":[],\"inference\":{\"max_tokens\":9,\"top_p\":0.5,\"thinking\":\"off\"}}");
}

TEST(a_request_for_vectors_keeps_its_text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	struct model model = {.id = STR("titan")};
	struct str texts[] = {STR("a"), STR("b\nc")};
	struct embed_request request = {.texts = texts,
					.len = ARRAY_LEN(texts),
					.dimensions = 256,
					.input_type = STR("search_document")};

	json_write(&text, exchange_embed_request(&arena, &model, &request), JSON_COMPACT);
	ck_assert_str_eq(
		text.ptr,
		"{\"model\":\"titan\",\"dimensions\":256,\"input_type\":\"search_document\",\"texts\":[\"a\",[\"b\",\"c\"]]}");
}

TEST(a_reply_comes_back_as_it_was)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct reply reply = {.model = STR("sonnet"),
			      .stop = STOP_TOOL_USE,
			      .usage = {.input = 1, .cache_write = 2, .cache_write_hour = 3},
			      .message.role = ROLE_ASSISTANT};
	struct error err = {0};
	struct reply again;

	add_all_blocks(&arena, &reply.message);
	ck_assert_msg(exchange_read_reply(&arena, exchange_reply(&arena, &reply), &again, &err),
		      "%s", err.message);
	ck_assert_str_is(again.model, reply.model);
	ck_assert_int_eq(again.stop, STOP_TOOL_USE);
	ck_assert_int_eq(again.message.role, ROLE_ASSISTANT);
	ck_assert_mem_eq(&again.usage, &reply.usage, sizeof(reply.usage));
	ck_assert_uint_eq(again.message.len, reply.message.len);
	for (size_t i = 0; i < reply.message.len; i++) {
		const struct block *wanted = &reply.message.blocks[i];
		const struct block *block = &again.message.blocks[i];

		ck_assert_int_eq(block->kind, wanted->kind);
		ck_assert_str_is(block->id, wanted->id);
		ck_assert_str_is(block->name, wanted->name);
		ck_assert_str_is(block->signature, wanted->signature);
		ck_assert_str_is(block->problem, wanted->problem);
		ck_assert(!block->input == !wanted->input);
		/* The bytes of a document are not recorded. */
		if (wanted->kind != BLOCK_DOCUMENT)
			ck_assert_str_is(block->text, wanted->text);
	}
}

TEST(vectors_come_back_as_they_were)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	float numbers[] = {1, 0.5F, -2, 0};
	struct embed_reply reply = {
		.vectors = numbers, .len = 2, .dimensions = 2, .usage = {.input = 7}};
	struct error err = {0};
	struct embed_reply again;

	ck_assert_msg(exchange_read_embed_reply(&arena, exchange_embed_reply(&arena, &reply),
						&again, &err),
		      "%s", err.message);
	ck_assert_uint_eq(again.len, 2);
	ck_assert_uint_eq(again.dimensions, 2);
	ck_assert_mem_eq(again.vectors, numbers, sizeof(numbers));
	ck_assert_int_eq(again.usage.input, 7);
}

TEST(a_broken_recording_is_refused)
{
	static const char *const replies[] = {
		"{}",
		"{\"message\":{}}",
		"{\"message\":{\"blocks\":{}}}",
		"{\"message\":{\"blocks\":[{\"kind\":\"song\"}]}}",
	};

	for (size_t i = 0; i < ARRAY_LEN(replies); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct error err = {0};
		struct reply reply;

		ck_assert(!exchange_read_reply(
			&arena, json_read(&arena, str_from(replies[i]), 0, &err), &reply, &err));
		ck_assert_int_eq(err.kind, ERROR_CONFIG);
	}
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error err = {0};
	struct embed_reply vectors;

	ck_assert(!exchange_read_embed_reply(
		&arena, json_read(&arena, STR("{\"vectors\":[[1,2],[3]]}"), 0, &err), &vectors,
		&err));
	ck_assert_int_eq(err.kind, ERROR_CONFIG);
}
