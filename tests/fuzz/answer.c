/* Answers of models from a grammar: both APIs, whole and in pieces, give the same reply. */
#include <stdio.h>

#include "report_grammar.h"

#include "base/encode.h"
#include "base/utf8.h"
#include "bedrock/reply.h"
#include "finding/plain.h"
#include "finding/report_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BLOCKS_MAX = 4, WAYS = 4 };

/* ---- The reply: its blocks as Converse and as Messages have them ---- */

struct made_answer {
	struct arena *arena;
	enum block_kind kinds[BLOCKS_MAX];
	struct str text[BLOCKS_MAX]; /* of a tool: its input as JSON, or broken JSON */
	bool broken;
	size_t len;
	size_t findings;
};

static void make_tool(struct choices *choices, struct made_answer *made)
{
	SCOPED(buf) struct buf json = BUF_INIT;
	size_t count;
	struct value *report = make_report(choices, made->arena, &count);

	json_write(&json, report, choose(choices, 2) ? JSON_PRETTY : JSON_COMPACT);
	if (chance(choices, 8)) {
		buf_set_len(&json, choose(choices, 256) % json.len);
		while (!utf8_valid(buf_str(&json)))
			buf_set_len(&json, json.len - 1);
		made->broken = true;
	}
	made->findings += count;
	made->text[made->len] = arena_str(made->arena, buf_str(&json));
}

static struct made_answer make_reply(struct choices *choices, struct arena *arena)
{
	static const enum block_kind kinds[] = {BLOCK_TOOL_USE, BLOCK_TEXT, BLOCK_REASONING};
	struct made_answer made = {.arena = arena};
	size_t count = 1 + choose(choices, BLOCKS_MAX);

	for (; made.len < count; made.len++) {
		made.kinds[made.len] = kinds[choose(choices, ARRAY_LEN(kinds))];
		if (made.kinds[made.len] == BLOCK_TOOL_USE)
			make_tool(choices, &made);
		else
			made.text[made.len] = CHOOSE(choices, texts);
	}
	return made;
}

static struct value *pair(struct arena *arena, const char *name, struct value *value)
{
	struct value *object = value_object(arena);

	value_set(arena, object, name, value);
	return object;
}

static struct str write(struct arena *arena, const struct value *value)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	json_write(&text, value, JSON_COMPACT);
	return arena_str(arena, buf_str(&text));
}

static struct value *read_input(const struct made_answer *made, size_t i)
{
	struct error err;

	return json_read(made->arena, made->text[i], 0, &err);
}

/* ---- Converse ---- */

static struct value *converse_tool(const struct made_answer *made, size_t i, bool whole)
{
	struct value *use = value_object(made->arena);

	value_set(made->arena, use, "toolUseId", value_text(made->arena, "use"));
	value_set(made->arena, use, "name", value_text(made->arena, "report_findings"));
	if (whole)
		value_set(made->arena, use, "input", read_input(made, i));
	return pair(made->arena, "toolUse", use);
}

static struct value *converse_piece(const struct made_answer *made, size_t i, struct str text)
{
	struct arena *arena = made->arena;
	struct value *value = value_string(arena, text);

	if (made->kinds[i] == BLOCK_TEXT)
		return pair(arena, "text", value);
	if (made->kinds[i] == BLOCK_TOOL_USE)
		return pair(arena, "toolUse", pair(arena, "input", value));
	return pair(arena, "reasoningContent", pair(arena, "text", value));
}

static struct str converse_whole(const struct made_answer *made)
{
	struct arena *arena = made->arena;
	struct value *content = value_array(arena);
	struct value *root = value_object(arena);
	struct value *usage = value_object(arena);

	for (size_t i = 0; i < made->len; i++)
		value_append(arena, content,
			     made->kinds[i] == BLOCK_TOOL_USE
				     ? converse_tool(made, i, true)
				     : converse_piece(made, i, made->text[i]));
	value_set(arena, root, "output", pair(arena, "message", pair(arena, "content", content)));
	value_set(arena, root, "stopReason", value_text(arena, "tool_use"));
	value_set(arena, usage, "inputTokens", value_int(arena, 7));
	value_set(arena, usage, "outputTokens", value_int(arena, 9));
	value_set(arena, root, "usage", usage);
	return write(arena, root);
}

/* ---- Messages ---- */

static struct value *messages_block(const struct made_answer *made, size_t i, bool whole)
{
	struct arena *arena = made->arena;
	struct value *block = value_object(arena);
	struct value *text = value_string(arena, whole ? made->text[i] : STR_EMPTY);

	if (made->kinds[i] == BLOCK_TOOL_USE) {
		value_set(arena, block, "type", value_text(arena, "tool_use"));
		value_set(arena, block, "id", value_text(arena, "use"));
		value_set(arena, block, "name", value_text(arena, "report_findings"));
		value_set(arena, block, "input", whole ? read_input(made, i) : value_object(arena));
	} else if (made->kinds[i] == BLOCK_TEXT) {
		value_set(arena, block, "type", value_text(arena, "text"));
		value_set(arena, block, "text", text);
	} else {
		value_set(arena, block, "type", value_text(arena, "thinking"));
		value_set(arena, block, "thinking", text);
	}
	return block;
}

static struct value *messages_piece(const struct made_answer *made, size_t i, struct str text)
{
	struct arena *arena = made->arena;
	bool tool = made->kinds[i] == BLOCK_TOOL_USE;
	bool plain = made->kinds[i] == BLOCK_TEXT;
	struct value *delta = pair(arena,
				   tool    ? "partial_json"
				   : plain ? "text"
					   : "thinking",
				   value_string(arena, text));

	value_set(arena, delta, "type",
		  value_text(arena, tool    ? "input_json_delta"
				    : plain ? "text_delta"
					    : "thinking_delta"));
	return delta;
}

static struct str messages_whole(const struct made_answer *made)
{
	struct arena *arena = made->arena;
	struct value *content = value_array(arena);
	struct value *root = value_object(arena);
	struct value *usage = value_object(arena);

	for (size_t i = 0; i < made->len; i++)
		value_append(arena, content, messages_block(made, i, true));
	value_set(arena, root, "type", value_text(arena, "message"));
	value_set(arena, root, "content", content);
	value_set(arena, root, "stop_reason", value_text(arena, "tool_use"));
	value_set(arena, usage, "input_tokens", value_int(arena, 7));
	value_set(arena, usage, "output_tokens", value_int(arena, 9));
	value_set(arena, root, "usage", usage);
	return write(arena, root);
}

/* ---- Streams ---- */

/* One stream that is being read. */
struct stream {
	const struct made_answer *made;
	struct assembly *assembly;
	struct stream_event event;
	bool messages;
};

static void send(struct stream *stream, const char *type, const struct value *payload)
{
	SCOPED(buf) struct buf chunk = BUF_INIT;
	struct str text = write(stream->made->arena, payload);
	struct error err;
	bool ok;

	stream->event.headers_len = 2;
	stream->event.headers[0] = (struct event_header){
		.name = STR(":message-type"), .type = EVENT_HEADER_STRING, .bytes = STR("event")};
	stream->event.headers[1] = (struct event_header){
		.name = STR(":event-type"), .type = EVENT_HEADER_STRING, .bytes = str_from(type)};
	if (stream->messages) {
		buf_add_text(&chunk, "{\"bytes\":\"");
		base64_add(&chunk, text);
		buf_add_text(&chunk, "\"}");
		stream->event.payload = buf_str(&chunk);
		ok = messages_event_read(stream->assembly, &stream->event, &err);
	} else {
		stream->event.payload = text;
		ok = converse_event_read(stream->assembly, &stream->event, &err);
	}
	assert(ok);
}

static struct value *numbered(const struct stream *stream, const char *type, size_t i)
{
	struct arena *arena = stream->made->arena;
	struct value *event = value_object(arena);

	value_set(arena, event, stream->messages ? "index" : "contentBlockIndex",
		  value_int(arena, (int64_t)i));
	value_set(arena, event, "type", value_text(arena, type));
	return event;
}

/* A piece of the text, of a length that the input chooses, that does not cut a character. */
static struct str take_piece(struct choices *choices, struct str *rest)
{
	size_t wanted = choices->len ? 1 + choose(choices, 200) : rest->len;
	size_t len = MIN_OF(wanted, rest->len);
	struct str piece;

	while (len < rest->len && ((unsigned char)rest->ptr[len] & 0xC0) == 0x80)
		len++;
	piece = str_slice(*rest, 0, len);
	*rest = str_skip(*rest, len);
	return piece;
}

static void send_block(struct stream *stream, struct choices *choices, size_t i)
{
	const struct made_answer *made = stream->made;
	struct arena *arena = made->arena;
	struct str rest = made->text[i];
	struct value *event = numbered(stream, "content_block_start", i);

	if (stream->messages) {
		value_set(arena, event, "content_block", messages_block(made, i, false));
		send(stream, "chunk", event);
	} else if (made->kinds[i] == BLOCK_TOOL_USE) {
		value_set(arena, event, "start", converse_tool(made, i, false));
		send(stream, "contentBlockStart", event);
	} else if (!rest.len) {
		value_set(arena, event, "delta", converse_piece(made, i, rest));
		send(stream, "contentBlockDelta", event);
	}
	while (rest.len) {
		struct str piece = take_piece(choices, &rest);

		event = numbered(stream, "content_block_delta", i);
		value_set(arena, event, "delta",
			  stream->messages ? messages_piece(made, i, piece)
					   : converse_piece(made, i, piece));
		send(stream, stream->messages ? "chunk" : "contentBlockDelta", event);
	}
	send(stream, stream->messages ? "chunk" : "contentBlockStop",
	     numbered(stream, "content_block_stop", i));
}

static void send_end(struct stream *stream)
{
	struct arena *arena = stream->made->arena;
	struct value *usage = value_object(arena);
	struct value *end = value_object(arena);

	value_set(arena, usage, stream->messages ? "input_tokens" : "inputTokens",
		  value_int(arena, 7));
	value_set(arena, usage, stream->messages ? "output_tokens" : "outputTokens",
		  value_int(arena, 9));
	value_set(arena, end, "usage", usage);
	if (!stream->messages) {
		send(stream, "messageStop",
		     pair(arena, "stopReason", value_text(arena, "tool_use")));
		send(stream, "metadata", end);
		return;
	}
	value_set(arena, end, "type", value_text(arena, "message_delta"));
	value_set(arena, end, "delta", pair(arena, "stop_reason", value_text(arena, "tool_use")));
	send(stream, "chunk", end);
	send(stream, "chunk", pair(arena, "type", value_text(arena, "message_stop")));
}

static void send_all(const struct made_answer *made, struct choices *choices,
		     struct assembly *assembly, bool messages)
{
	struct stream stream = {.made = made, .assembly = assembly, .messages = messages};
	struct reply unfinished;
	struct error err;

	for (size_t i = 0; i < made->len; i++)
		send_block(&stream, choices, i);
	assert(!assembly_finish(assembly, &unfinished, &err)); /* cut off before its end */
	send_end(&stream);
}

/* ---- What must hold ---- */

static void check_equal(const struct reply *a, const struct reply *b)
{
	assert(a->stop == b->stop && a->usage.input == b->usage.input &&
	       a->usage.output == b->usage.output);
	assert(a->message.len == b->message.len);
	for (size_t i = 0; i < a->message.len; i++) {
		const struct block *x = &a->message.blocks[i];
		const struct block *y = &b->message.blocks[i];

		assert(x->kind == y->kind && str_eq(x->text, y->text));
		assert(str_eq(x->id, y->id) && str_eq(x->name, y->name) &&
		       str_eq(x->problem, y->problem));
		assert(x->kind != BLOCK_TOOL_USE || value_equal(x->input, y->input));
	}
}

/* A plain report is never refused; shows the one that was. */
static void check_broken(const struct made_answer *made, const struct block *block,
			 const struct error *err)
{
	struct str input = write(made->arena, block->input);

	if (!made->broken)
		fprintf(stderr, "%s\n%.*s\n", err->message, STR_ARG(input));
	assert(made->broken);
}

static void check_findings(const struct made_answer *made, const struct reply *reply)
{
	SCOPED(findings) struct findings findings = {0};

	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *block = &reply->message.blocks[i];
		struct str summary;
		struct error err;

		if (block->kind == BLOCK_TOOL_USE && block->problem.len)
			assert(made->broken);
		if (block->kind != BLOCK_TOOL_USE || block->problem.len)
			continue;
		if (!report_decode(report_plain(made->arena, block->input), &findings, &summary,
				   &err))
			check_broken(made, block, &err);
	}
	assert(made->broken || findings.len == made->findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct choices choices = {data, size};
	struct made_answer made = make_reply(&choices, &arena);
	struct assembly assemblies[WAYS] = {
		{.arena = &arena}, {.arena = &arena}, {.arena = &arena}, {.arena = &arena}};
	struct reply replies[WAYS] = {0};
	struct error err;
	size_t first = made.broken ? 2 : 0; /* broken JSON cannot be part of a whole answer */

	send_all(&made, &choices, &assemblies[2], false);
	send_all(&made, &choices, &assemblies[3], true);
	if (!made.broken) {
		bool ok = converse_reply_read(&assemblies[0], converse_whole(&made), &err) &&
			  messages_reply_read(&assemblies[1], messages_whole(&made), &err);
		assert(ok);
	}
	for (size_t i = first; i < WAYS; i++) {
		bool ok = assembly_finish(&assemblies[i], &replies[i], &err);

		assert(ok);
		check_equal(&replies[i], &replies[first]);
	}
	check_findings(&made, &replies[first]);
	for (size_t i = 0; i < WAYS; i++)
		assembly_release(&assemblies[i]);
	return 0;
}
