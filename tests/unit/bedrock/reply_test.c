/* Answers of both APIs, whole and streamed, as replies. */
#include "bedrock/reply.h"

#include "frames.h"
#include "unit.h"
#include "value/json.h"

typedef bool reader(struct assembly *assembly, const struct stream_event *event, struct error *err);

/* What a watch received. */
struct heard {
	struct buf text, input;
	struct str tool;
};

static void hear_text(void *ctx, struct str text)
{
	buf_add(&((struct heard *)ctx)->text, text);
}

static void hear_input(void *ctx, struct str name, struct str fragment)
{
	struct heard *heard = ctx;

	heard->tool = name;
	buf_add(&heard->input, fragment);
}

/* Reads a stream of frames into `reply`. */
static bool read_stream(struct arena *arena, reader *read, struct str bytes,
			const struct watch *watch, struct reply *reply, struct error *err)
{
	SCOPED(eventstream) struct eventstream stream = EVENTSTREAM_INIT;
	struct assembly assembly = {.arena = arena, .watch = watch};
	struct stream_event *event = ARENA_NEW(arena, struct stream_event);
	bool ok = true, found = true;

	eventstream_feed(&stream, bytes);
	while (ok && found) {
		ok = eventstream_next(&stream, event, &found, err);
		if (ok && found)
			ok = read(&assembly, event, err);
	}
	ok = ok && assembly_finish(&assembly, reply, err);
	assembly_release(&assembly);
	return ok;
}

/* Reasoning, text, and a call whose input comes in pieces. */
static void add_converse(struct buf *out, const char *stop)
{
	SCOPED(buf) struct buf last = BUF_INIT;

	frame_event(out, "messageStart", "{\"role\":\"assistant\",\"p\":\"abc\"}");
	frame_event(out, "contentBlockDelta",
		    "{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\"Hm\"}}}");
	frame_event(out, "contentBlockDelta",
		    "{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"text\":\".\"}}}");
	frame_event(
		out, "contentBlockDelta",
		"{\"contentBlockIndex\":0,\"delta\":{\"reasoningContent\":{\"signature\":\"c2ln\"}}}");
	frame_event(out, "contentBlockDelta",
		    "{\"contentBlockIndex\":1,\"delta\":{\"text\":\"I look.\"}}");
	frame_event(
		out, "contentBlockStart",
		"{\"contentBlockIndex\":2,\"start\":{\"toolUse\":{\"toolUseId\":\"t1\",\"name\":\"read_file\"}}}");
	frame_event(
		out, "contentBlockDelta",
		"{\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"{\\\"path\\\":\"}}}");
	frame_event(
		out, "contentBlockDelta",
		"{\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"\\\"a.c\\\"\"}}}");
	if (str_eq(str_from(stop), STR("tool_use")))
		frame_event(out, "contentBlockDelta",
			    "{\"contentBlockIndex\":2,\"delta\":{\"toolUse\":{\"input\":\"}\"}}}");
	frame_event(out, "somethingNew", "not even JSON");
	buf_addf(&last, "{\"stopReason\":\"%s\"}", stop);
	frame_event(out, "messageStop", last.ptr);
	frame_event(
		out, "metadata",
		"{\"usage\":{\"inputTokens\":5,\"outputTokens\":7,\"cacheReadInputTokens\":100,\"cacheWriteInputTokens\":30,\"cacheDetails\":[{\"ttl\":\"1h\",\"inputTokens\":20},{\"ttl\":\"5m\",\"inputTokens\":10}]},\"metrics\":{\"latencyMs\":3}}");
}

TEST(puts_a_streamed_answer_of_converse_together)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf stream = BUF_INIT;
	struct heard heard = {.text = BUF_INIT, .input = BUF_INIT};
	struct watch watch = {.text = hear_text, .tool_input = hear_input, .ctx = &heard};
	struct reply reply = {0};
	struct error err = {0};
	const struct block *blocks;

	add_converse(&stream, "tool_use");
	ck_assert_msg(read_stream(&arena, converse_event_read, buf_str(&stream), &watch, &reply,
				  &err),
		      "%s", err.message);
	ck_assert_uint_eq(reply.message.len, 3);
	blocks = reply.message.blocks;
	ck_assert_int_eq(blocks[0].kind, BLOCK_REASONING);
	ck_assert_str_is(blocks[0].text, STR("Hm."));
	ck_assert_str_is(blocks[0].signature, STR("c2ln"));
	ck_assert_str_is(blocks[1].text, STR("I look."));
	ck_assert_str_is(blocks[2].id, STR("t1"));
	ck_assert_str_is(blocks[2].name, STR("read_file"));
	ck_assert_str_is(value_get_string(blocks[2].input, "path"), STR("a.c"));
	ck_assert_int_eq(reply.stop, STOP_TOOL_USE);
	ck_assert_int_eq(reply.usage.input, 5);
	ck_assert_int_eq(reply.usage.cache_read, 100);
	ck_assert_int_eq(reply.usage.cache_write, 30);
	ck_assert_int_eq(reply.usage.cache_write_hour, 20);
	ck_assert_str_is(buf_str(&heard.text), STR("I look."));
	ck_assert_str_is(buf_str(&heard.input), STR("{\"path\":\"a.c\"}"));
	ck_assert_str_is(heard.tool, STR("read_file"));
	buf_release(&heard.text);
	buf_release(&heard.input);
}

TEST(keeps_what_came_of_a_call_that_was_cut)
{
	static const struct {
		const char *word;
		enum stop_reason stop;
	} cuts[] = {
		{"max_tokens", STOP_MAX_TOKENS},
		{"guardrail_intervened", STOP_GUARDRAIL},
		{"content_filtered", STOP_FILTERED},
		{"malformed_tool_use", STOP_MALFORMED},
	};

	for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		SCOPED(buf) struct buf stream = BUF_INIT;
		struct reply reply = {0};
		struct error err = {0};

		add_converse(&stream, cuts[i].word);
		ck_assert(read_stream(&arena, converse_event_read, buf_str(&stream), NULL, &reply,
				      &err));
		ck_assert_int_eq(reply.stop, cuts[i].stop);
		ck_assert_str_is(reply.message.blocks[2].text, STR("{\"path\":\"a.c\""));
		ck_assert_uint_eq(value_len(reply.message.blocks[2].input), 0);
	}
}

TEST(keeps_a_finished_call_whose_input_is_not_an_object_with_the_reason)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf stream = BUF_INIT;
	struct reply reply = {0};
	struct error err = {0};

	add_converse(&stream, "end_turn");
	ck_assert(read_stream(&arena, converse_event_read, buf_str(&stream), NULL, &reply, &err));
	const struct block *use = reply_tool_use(&reply, STR("read_file"));
	ck_assert_ptr_nonnull(use);
	ck_assert(str_starts(use->problem, STR("the input is not a JSON object: ")));
	ck_assert(use->text.len > 0);
	ck_assert_uint_eq(value_len(use->input), 0);
}

TEST(reads_a_whole_answer_in_which_a_character_is_broken_and_says_so)
{
	static const char body[] =
		"{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"report\",\"input\":{\"a\":\"x\\ud83d\"}}}]}},\"stopReason\":\"tool_use\",\"usage\":{\"inputTokens\":7,\"outputTokens\":3}}";
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(assembly) struct assembly assembly = {.arena = &arena};
	struct reply reply = {0};
	struct error err = {0};

	ck_assert_msg(converse_reply_read(&assembly, str_from(body), &err), "%s", err.message);
	ck_assert(assembly_finish(&assembly, &reply, &err));
	const struct block *use = reply_tool_use(&reply, STR("report"));
	ck_assert(str_contains(use->problem, STR("Unicode")));
	ck_assert_str_is(value_get_string(use->input, "a"), STR("x\xEF\xBF\xBD"));
	ck_assert_int_eq(reply.usage.input, 7);
}

TEST(joins_several_calls_of_the_answer_tool)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct reply reply = {.stop = STOP_TOOL_USE};
	struct error err = {0};

	for (int i = 0; i < 2; i++) {
		struct block *use = message_add(&arena, &reply.message, BLOCK_TOOL_USE);
		use->name = STR("answer");
		use->input =
			json_read(&arena, i ? STR("{\"a\":[2]}") : STR("{\"a\":[1]}"), 0, &err);
	}
	reply_unwrap_output(&arena, &reply, STR("answer"));
	ck_assert_str_is(reply_text(&arena, &reply), STR("{\"a\":[1,2]}"));
	ck_assert_int_eq(reply.stop, STOP_END);
}

TEST(keeps_a_stop_reason_that_it_does_not_know)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf stream = BUF_INIT;
	struct reply reply = {0};
	struct error err = {0};

	frame_event(&stream, "messageStop", "{\"stopReason\":\"cosmic_rays\"}");
	ck_assert(read_stream(&arena, converse_event_read, buf_str(&stream), NULL, &reply, &err));
	ck_assert_int_eq(reply.stop, STOP_UNKNOWN);
	ck_assert_str_is(reply.stop_text, STR("cosmic_rays"));
}

static const struct {
	const char *type;
	enum error_kind kind;
} exceptions[] = {
	{"internalServerException", ERROR_SERVER}, {"modelStreamErrorException", ERROR_SERVER},
	{"modelTimeoutException", ERROR_SERVER},   {"serviceUnavailableException", ERROR_SERVER},
	{"throttlingException", ERROR_THROTTLED},  {"validationException", ERROR_INVALID},
	{"somethingNewException", ERROR_PROTOCOL},
};

TEST(classifies_every_exception_of_a_stream)
{
	for (size_t i = 0; i < ARRAY_LEN(exceptions); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		SCOPED(buf) struct buf stream = BUF_INIT;
		struct reply reply = {0};
		struct error err = {0};

		frame_exception(&stream, exceptions[i].type, "{\"message\":\"because\"}");
		ck_assert(!read_stream(&arena, converse_event_read, buf_str(&stream), NULL, &reply,
				       &err));
		ck_assert_msg(err.kind == exceptions[i].kind, "%s", exceptions[i].type);
		ck_assert(str_contains(str_from(err.message), STR("because")));
	}
}

TEST(reads_a_whole_answer_of_converse)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct assembly assembly = {.arena = &arena};
	struct reply reply = {0};
	struct error err = {0};

	ck_assert_msg(
		converse_reply_read(
			&assembly,
			STR("{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"Hi\"},{\"novelty\":{}},{\"reasoningContent\":{\"redactedContent\":\"cmVk\"}},{\"toolUse\":{\"toolUseId\":\"t\",\"name\":\"n\",\"input\":{\"a\":1}}}]}},\"stopReason\":\"tool_use\",\"usage\":{\"inputTokens\":1,\"outputTokens\":2,\"totalTokens\":3},\"metrics\":{\"latencyMs\":1}}"),
			&err),
		"%s", err.message);
	ck_assert(assembly_finish(&assembly, &reply, &err));
	assembly_release(&assembly);
	ck_assert_uint_eq(reply.message.len, 3);
	ck_assert_int_eq(reply.message.blocks[1].kind, BLOCK_REDACTED);
	ck_assert_str_is(reply.message.blocks[1].text, STR("cmVk"));
	ck_assert_int_eq(value_get_int(reply.message.blocks[2].input, "a", 0), 1);
	ck_assert_int_eq(reply.usage.output, 2);
}

static void add_messages(struct buf *out)
{
	frame_chunk(
		out,
		"{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9,\"cache_creation_input_tokens\":4,\"cache_read_input_tokens\":8,\"output_tokens\":1,\"cache_creation\":{\"ephemeral_1h_input_tokens\":3}}}}");
	frame_chunk(
		out,
		"{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}");
	frame_chunk(
		out,
		"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"Hm.\"}}");
	frame_chunk(
		out,
		"{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}}");
	frame_chunk(out, "{\"type\":\"ping\"}");
	frame_chunk(
		out,
		"{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}}");
	frame_chunk(
		out,
		"{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":1}\"}}");
	frame_chunk(
		out,
		"{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":6}}");
}

TEST(puts_a_streamed_answer_of_messages_together)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf stream = BUF_INIT;
	struct reply reply = {0};
	struct error err = {0};

	add_messages(&stream);
	ck_assert(!read_stream(&arena, messages_event_read, buf_str(&stream), NULL, &reply, &err));
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL); /* message_stop has not come */
	frame_chunk(&stream, "{\"type\":\"message_stop\",\"amazon-bedrock-invocationMetrics\":{}}");
	ck_assert_msg(read_stream(&arena, messages_event_read, buf_str(&stream), NULL, &reply,
				  &err),
		      "%s", err.message);
	ck_assert_uint_eq(reply.message.len, 2);
	ck_assert_str_is(reply.message.blocks[0].text, STR("Hm."));
	ck_assert_str_is(reply.message.blocks[0].signature, STR("c2ln"));
	ck_assert_int_eq(value_get_int(reply.message.blocks[1].input, "a", 0), 1);
	ck_assert_int_eq(reply.stop, STOP_TOOL_USE);
	ck_assert_int_eq(reply.usage.input, 9);
	ck_assert_int_eq(reply.usage.output, 6);
	ck_assert_int_eq(reply.usage.cache_read, 8);
	ck_assert_int_eq(reply.usage.cache_write, 4);
	ck_assert_int_eq(reply.usage.cache_write_hour, 3);
}

TEST(reads_a_whole_answer_of_messages)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct assembly assembly = {.arena = &arena};
	struct reply reply = {0};
	struct error err = {0};

	ck_assert_msg(
		messages_reply_read(
			&assembly,
			STR("{\"content\":[{\"type\":\"redacted_thinking\",\"data\":\"opaque!\"},{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"refusal\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}"),
			&err),
		"%s", err.message);
	ck_assert(assembly_finish(&assembly, &reply, &err));
	assembly_release(&assembly);
	ck_assert_str_is(reply.message.blocks[0].text, STR("opaque!"));
	ck_assert_str_is(reply_text(&arena, &reply), STR("Hi"));
	ck_assert_int_eq(reply.stop, STOP_FILTERED);
}

TEST(makes_text_of_an_answer_that_came_as_a_call)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct reply reply = {.stop = STOP_TOOL_USE};
	struct block *block = message_add(&arena, &reply.message, BLOCK_TOOL_USE);

	block->name = STR("answer");
	block->input = value_object(&arena);
	value_set(&arena, block->input, "n", value_int(&arena, 3));
	reply_unwrap_output(&arena, &reply, STR("answer"));
	ck_assert_str_is(reply_text(&arena, &reply), STR("{\"n\":3}"));
	ck_assert_int_eq(reply.stop, STOP_END);
}

TEST(lets_the_watch_hear_an_answer_that_comes_as_a_call_as_text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct heard heard = {.text = BUF_INIT, .input = BUF_INIT};
	struct watch watch = {.text = hear_text, .tool_input = hear_input, .ctx = &heard};
	struct assembly assembly = {.arena = &arena, .watch = &watch, .output_tool = STR("answer")};
	struct error err;

	ck_assert(assembly_open(&assembly, 0, BLOCK_TOOL_USE, &err));
	assembly_name(&assembly, 0, STR("t"), STR("answer"));
	ck_assert(assembly_add(&assembly, 0, STR("{}"), &err));
	ck_assert_str_is(buf_str(&heard.text), STR("{}"));
	ck_assert_uint_eq(heard.input.len, 0);
	assembly_release(&assembly);
	buf_release(&heard.text);
}

TEST(refuses_blocks_without_a_sane_index)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	static const char *const payloads[] = {
		"{\"contentBlockIndex\":-1,\"delta\":{\"text\":\"x\"}}",
		"{\"delta\":{\"text\":\"x\"}}",
		"{\"contentBlockIndex\":99999999,\"delta\":{\"text\":\"x\"}}",
	};

	for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
		SCOPED(buf) struct buf stream = BUF_INIT;
		struct reply reply = {0};
		struct error err = {0};

		frame_event(&stream, "contentBlockDelta", payloads[i]);
		ck_assert(!read_stream(&arena, converse_event_read, buf_str(&stream), NULL, &reply,
				       &err));
	}
}
