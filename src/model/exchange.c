/* Converts exchanges to JSON and back. */
#include "model/exchange.h"

#include <assert.h>

#include "base/hash.h"
#include "redact/redact.h"
#include "value/fields.h"

/* ---- Texts: one line as a string, several as a list of lines; what is empty is left out. ---- */

static struct value *text_value(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf clean = BUF_INIT;
	struct value *lines;
	struct str rest, line;

	redact_add(&clean, text);
	rest = buf_str(&clean);
	if (str_find_char(rest, '\n', 0) < 0)
		return value_string(arena, rest);
	lines = value_array(arena);
	while (str_next_part(&rest, '\n', &line))
		value_append(arena, lines, value_string(arena, line));
	return lines;
}

static struct value *encode_text(struct arena *arena, const void *field)
{
	const struct str *text = field;

	return text->len ? text_value(arena, *text) : NULL;
}

static bool decode_text(struct decoder *decoder, const struct value *value, void *field)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str *out = field;

	if (value_is(value, VALUE_STRING)) {
		*out = arena_str(decoder->arena, value->string);
		return true;
	}
	if (!value_is(value, VALUE_ARRAY)) {
		decoder_error(decoder, value, "must be a text or a list of lines");
		return false;
	}
	for (size_t i = 0; i < value_len(value); i++) {
		if (i)
			buf_add_char(&text, '\n');
		buf_add(&text, value_as_string(value_at(value, i)));
	}
	*out = arena_str(decoder->arena, buf_str(&text));
	return true;
}

#define TEXT(owner, member, json_name)                                                             \
	FIELD_WITH(owner, member, json_name, FIELD_CUSTOM, .encode = encode_text,                  \
		   .decode = decode_text)
#define SHORT(owner, member, json_name, kind)                                                      \
	FIELD_WITH(owner, member, json_name, kind, .empty = EMPTY_LEFT_OUT)
#define CHOICE(owner, member, json_name, names)                                                    \
	FIELD_WITH(owner, member, json_name, FIELD_ENUM, .choices = (names), .required = true)

/* Field tables read and write an enum as an int. */
static_assert(sizeof(enum block_kind) == sizeof(int), "the kind of a block");
static_assert(sizeof(enum thinking_kind) == sizeof(int), "the kind of thinking");

/* ---- Messages. ---- */

static const char *const block_names[] = {
	[BLOCK_TEXT] = "text",
	[BLOCK_TOOL_USE] = "tool_use",
	[BLOCK_TOOL_RESULT] = "tool_result",
	[BLOCK_REASONING] = "reasoning",
	[BLOCK_REDACTED] = "redacted_reasoning",
	[BLOCK_CACHE_POINT] = "cache_point",
	[BLOCK_GUARD] = "guard",
	[BLOCK_DOCUMENT] = "document",
	NULL,
};

/* For a document, only the digest of its bytes is recorded. */
struct recorded_block {
	struct block block;
	struct str sha256;
};

static const struct field block_rows[] = {
	CHOICE(recorded_block, block.kind, "kind", block_names),
	TEXT(recorded_block, block.id, "id"),
	TEXT(recorded_block, block.name, "name"),
	TEXT(recorded_block, block.format, "format"),
	SHORT(recorded_block, sha256, "sha256", FIELD_STRING),
	TEXT(recorded_block, block.text, "text"),
	TEXT(recorded_block, block.signature, "signature"),
	TEXT(recorded_block, block.problem, "problem"),
	FIELD(recorded_block, block.input, "input", FIELD_VALUE),
	SHORT(recorded_block, block.is_error, "is_error", FIELD_BOOL),
	SHORT(recorded_block, block.long_life, "long_life", FIELD_BOOL),
};
static const struct fields block_fields = TABLE(recorded_block, "a block", block_rows);

static const char *const role_names[] = {
	[ROLE_USER] = "user", [ROLE_ASSISTANT] = "assistant", NULL};

struct recorded_message {
	int role; /* enum role */
	struct list blocks;
};

static const struct field message_rows[] = {
	FIELD_WITH(recorded_message, role, "role", FIELD_ENUM, .choices = role_names),
	FIELD_WITH(recorded_message, blocks, "blocks", FIELD_LIST, .fields = &block_fields,
		   .required = true),
};
static const struct fields message_fields = TABLE(recorded_message, "a message", message_rows);

static struct recorded_message message_record(struct arena *arena, const struct message *message)
{
	struct recorded_block *blocks = ARENA_ARRAY(arena, struct recorded_block, message->len);

	for (size_t i = 0; i < message->len; i++) {
		blocks[i].block = message->blocks[i];
		if (message->blocks[i].kind == BLOCK_DOCUMENT) {
			blocks[i].sha256 = sha256_hex(arena, message->blocks[i].text);
			blocks[i].block.text = STR_EMPTY;
		}
	}
	return (struct recorded_message){.role = (int)message->role,
					 .blocks = {.items = blocks, .len = message->len}};
}

/* ---- Requests. ---- */

static const struct field tool_rows[] = {
	FIELD(tool, name, "name", FIELD_STRING),
	TEXT(tool, description, "description"),
	FIELD(tool, schema, "schema", FIELD_VALUE),
};
static const struct fields tool_fields = TABLE(tool, "a tool", tool_rows);

static const char *const thinking_names[] = {
	[THINKING_OFF] = "off",
	[THINKING_BUDGET] = "budget",
	[THINKING_ADAPTIVE] = "adaptive",
	[THINKING_DISABLED] = "disabled",
	NULL,
};

struct recorded_inference {
	struct inference inference;
	struct strings stop;
	bool has_top_k, has_budget;
};

static const struct field inference_rows[] = {
	FIELD(recorded_inference, inference.max_tokens, "max_tokens", FIELD_INT),
	SHORT(recorded_inference, inference.temperature, "temperature", FIELD_NUMBER),
	SHORT(recorded_inference, inference.top_p, "top_p", FIELD_NUMBER),
	FIELD_WITH(recorded_inference, inference.top_k, "top_k", FIELD_INT,
		   .present = offsetof(struct recorded_inference, has_top_k)),
	SHORT(recorded_inference, stop, "stop", FIELD_STRINGS),
	CHOICE(recorded_inference, inference.thinking, "thinking", thinking_names),
	FIELD_WITH(recorded_inference, inference.thinking_budget, "thinking_budget", FIELD_INT,
		   .present = offsetof(struct recorded_inference, has_budget)),
	TEXT(recorded_inference, inference.effort, "effort"),
};
static const struct fields inference_fields =
	TABLE(recorded_inference, "how to answer", inference_rows);

struct recorded_request {
	struct str model, system, tool_choice;
	struct list tools; /* of struct tool */
	bool has_tools;
	struct value *output_schema;
	struct list messages;
	struct recorded_inference inference;
};

static const struct field request_rows[] = {
	FIELD(recorded_request, model, "model", FIELD_STRING),
	TEXT(recorded_request, system, "system"),
	FIELD_WITH(recorded_request, tools, "tools", FIELD_LIST, .fields = &tool_fields,
		   .empty = EMPTY_LEFT_OUT),
	FIELD_WITH(recorded_request, tool_choice, "tool_choice", FIELD_STRING,
		   .present = offsetof(struct recorded_request, has_tools)),
	FIELD(recorded_request, output_schema, "output_schema", FIELD_VALUE),
	NESTED(recorded_request, messages, "messages", FIELD_LIST, message_fields),
	NESTED(recorded_request, inference, "inference", FIELD_OBJECT, inference_fields),
};
static const struct fields request_fields = TABLE(recorded_request, "a request", request_rows);

static struct str tool_choice_name(const struct chat *chat)
{
	if (chat->tool_choice == TOOL_NAMED)
		return chat->tool_named;
	return chat->tool_choice == TOOL_ANY ? STR("(any)") : STR("(auto)");
}

struct value *exchange_request(struct arena *arena, const struct model *model,
			       const struct chat *chat)
{
	struct recorded_message *messages = ARENA_ARRAY(arena, struct recorded_message, chat->len);
	struct recorded_request request = {
		.model = model->id,
		.system = chat->system,
		.tools = {.items = chat->tools, .len = chat->tools_len},
		.has_tools = chat->tools_len > 0,
		.tool_choice = tool_choice_name(chat),
		.output_schema = chat->output_schema,
		.messages = {.items = messages, .len = chat->len},
		.inference = {.inference = chat->inference,
			      .stop = {.items = chat->inference.stop,
				       .len = chat->inference.stop_len},
			      .has_top_k = chat->inference.top_k >= 0,
			      .has_budget = chat->inference.thinking == THINKING_BUDGET},
	};

	for (size_t i = 0; i < chat->len; i++)
		messages[i] = message_record(arena, &chat->messages[i]);
	return fields_encode(arena, &request_fields, &request);
}

/* ---- Requests for vectors. ---- */

static struct value *encode_texts(struct arena *arena, const void *field)
{
	const struct strings *texts = field;
	struct value *list = value_array(arena);

	for (size_t i = 0; i < texts->len; i++)
		value_append(arena, list, text_value(arena, texts->items[i]));
	return list;
}

struct recorded_embed_request {
	struct str model, input_type;
	int64_t dimensions;
	struct strings texts;
};

static const struct field embed_request_rows[] = {
	FIELD(recorded_embed_request, model, "model", FIELD_STRING),
	FIELD(recorded_embed_request, dimensions, "dimensions", FIELD_INT),
	TEXT(recorded_embed_request, input_type, "input_type"),
	FIELD_WITH(recorded_embed_request, texts, "texts", FIELD_CUSTOM, .encode = encode_texts),
};
static const struct fields embed_request_fields =
	TABLE(recorded_embed_request, "a request for vectors", embed_request_rows);

struct value *exchange_embed_request(struct arena *arena, const struct model *model,
				     const struct embed_request *request)
{
	struct recorded_embed_request record = {
		.model = model->id,
		.dimensions = request->dimensions,
		.input_type = request->input_type,
		.texts = {.items = request->texts, .len = request->len},
	};

	return fields_encode(arena, &embed_request_fields, &record);
}

/* ---- Replies. ---- */

static const struct field usage_rows[] = {
	SHORT(usage, input, "input", FIELD_INT),
	SHORT(usage, output, "output", FIELD_INT),
	SHORT(usage, cache_read, "cache_read", FIELD_INT),
	SHORT(usage, cache_write, "cache_write", FIELD_INT),
	SHORT(usage, cache_write_hour, "cache_write_hour", FIELD_INT),
};
static const struct fields usage_fields = TABLE(usage, "tokens", usage_rows);

struct recorded_reply {
	struct str model;
	struct str stop; /* a name, for what a later version may know */
	struct recorded_message message;
	struct usage usage;
};

static const struct field reply_rows[] = {
	FIELD(recorded_reply, model, "model", FIELD_STRING),
	FIELD(recorded_reply, stop, "stop", FIELD_STRING),
	FIELD_WITH(recorded_reply, message, "message", FIELD_OBJECT, .fields = &message_fields,
		   .required = true),
	NESTED(recorded_reply, usage, "usage", FIELD_OBJECT, usage_fields),
};
static const struct fields reply_fields = TABLE(recorded_reply, "a reply", reply_rows);

struct value *exchange_reply(struct arena *arena, const struct reply *reply)
{
	struct recorded_reply record = {
		.model = reply->model,
		.stop = str_from(stop_reason_name(reply->stop)),
		.message = message_record(arena, &reply->message),
		.usage = reply->usage,
	};

	return fields_encode(arena, &reply_fields, &record);
}

/* The files belong to the user, so errors in them are configuration errors. */
static bool read_record(struct arena *arena, const struct fields *fields, const struct value *tree,
			void *out, struct error *err)
{
	if (fields_decode_json(arena, fields, tree, "reply", out, err))
		return true;
	err->kind = ERROR_CONFIG;
	return false;
}

static enum stop_reason stop_of(struct str name)
{
	for (int i = STOP_END; i < STOP_UNKNOWN; i++) {
		if (str_eq(name, str_from(stop_reason_name((enum stop_reason)i))))
			return (enum stop_reason)i;
	}
	return STOP_UNKNOWN;
}

bool exchange_read_reply(struct arena *arena, const struct value *tree, struct reply *reply,
			 struct error *err)
{
	struct recorded_reply record = {0};
	struct reply read = {.message.role = ROLE_ASSISTANT, .attempts = 1};
	const struct recorded_block *blocks;

	if (!read_record(arena, &reply_fields, tree, &record, err))
		return false;
	blocks = record.message.blocks.items;
	for (size_t i = 0; i < record.message.blocks.len; i++)
		*message_add(arena, &read.message, blocks[i].block.kind) = blocks[i].block;
	read.model = record.model;
	read.stop = stop_of(record.stop);
	read.stop_text = record.stop;
	read.usage = record.usage;
	*reply = read;
	return true;
}

/* ---- Replies with vectors. ---- */

struct exchange_vectors {
	float *numbers;
	size_t len, dimensions;
};

static struct value *encode_vectors(struct arena *arena, const void *field)
{
	const struct exchange_vectors *vectors = field;
	struct value *list = value_array(arena);

	for (size_t i = 0; i < vectors->len; i++) {
		struct value *vector = value_array(arena);
		for (size_t j = 0; j < vectors->dimensions; j++) {
			float number = vectors->numbers[i * vectors->dimensions + j];
			value_append(arena, vector, value_real(arena, (double)number));
		}
		value_append(arena, list, vector);
	}
	return list;
}

static double number_of(const struct value *value)
{
	if (value_is(value, VALUE_INT))
		return (double)value->integer;
	return value_is(value, VALUE_REAL) ? value->real : 0;
}

static bool decode_vectors(struct decoder *decoder, const struct value *value, void *field)
{
	struct exchange_vectors *vectors = field;

	vectors->len = value_len(value);
	vectors->dimensions = value_len(value_at(value, 0));
	vectors->numbers =
		ARENA_ARRAY(decoder->arena, float, vectors->len * vectors->dimensions + 1);
	for (size_t i = 0; i < vectors->len; i++) {
		const struct value *vector = value_at(value, i);
		if (value_len(vector) != vectors->dimensions) {
			decoder_error(decoder, value, "has vectors of different lengths");
			return false;
		}
		for (size_t j = 0; j < vectors->dimensions; j++)
			vectors->numbers[i * vectors->dimensions + j] =
				(float)number_of(value_at(vector, j));
	}
	return true;
}

struct recorded_embed_reply {
	struct exchange_vectors vectors;
	struct usage usage;
};

static const struct field embed_reply_rows[] = {
	FIELD_WITH(recorded_embed_reply, vectors, "vectors", FIELD_CUSTOM, .encode = encode_vectors,
		   .decode = decode_vectors, .required = true),
	NESTED(recorded_embed_reply, usage, "usage", FIELD_OBJECT, usage_fields),
};
static const struct fields embed_reply_fields =
	TABLE(recorded_embed_reply, "a reply with vectors", embed_reply_rows);

struct value *exchange_embed_reply(struct arena *arena, const struct embed_reply *reply)
{
	struct recorded_embed_reply record = {
		.vectors = {reply->vectors, reply->len, reply->dimensions}, .usage = reply->usage};

	return fields_encode(arena, &embed_reply_fields, &record);
}

bool exchange_read_embed_reply(struct arena *arena, const struct value *tree,
			       struct embed_reply *reply, struct error *err)
{
	struct recorded_embed_reply record = {0};

	if (!read_record(arena, &embed_reply_fields, tree, &record, err))
		return false;
	*reply = (struct embed_reply){.vectors = record.vectors.numbers,
				      .len = record.vectors.len,
				      .dimensions = record.vectors.dimensions,
				      .usage = record.usage};
	return true;
}
