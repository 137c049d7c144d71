/* Assembles a reply from its pieces. */
#include "bedrock/assembly.h"

#include "base/encode.h"
#include "base/utf8.h"
#include "value/json.h"

/* Maximum depth to which the inputs of several calls are joined. */
/* The words of both APIs, sorted. */
static const struct {
	struct str word;
	enum stop_reason reason;
} stop_words[] = {
	{STR_INIT("content_filtered"), STOP_FILTERED},
	{STR_INIT("end_turn"), STOP_END},
	{STR_INIT("guardrail_intervened"), STOP_GUARDRAIL},
	{STR_INIT("malformed_model_output"), STOP_MALFORMED},
	{STR_INIT("malformed_tool_use"), STOP_MALFORMED},
	{STR_INIT("max_tokens"), STOP_MAX_TOKENS},
	{STR_INIT("model_context_window_exceeded"), STOP_CONTEXT_WINDOW},
	{STR_INIT("refusal"), STOP_FILTERED},
	{STR_INIT("stop_sequence"), STOP_SEQUENCE},
	{STR_INIT("tool_use"), STOP_TOOL_USE},
};

static enum stop_reason stop_reason_read(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(stop_words); i++) {
		if (str_eq(stop_words[i].word, word))
			return stop_words[i].reason;
	}
	return STOP_UNKNOWN;
}

void assembly_release(struct assembly *assembly)
{
	if (!assembly)
		return;
	for (size_t i = 0; i < assembly->len; i++) {
		buf_release(&assembly->items[i].text);
		buf_release(&assembly->items[i].signature);
	}
	VEC_RELEASE(assembly);
}

bool assembly_open(struct assembly *assembly, int64_t idx, enum block_kind kind, struct error *err)
{
	if (idx < 0)
		return error_set(err, ERROR_PROTOCOL, "a block of the answer has no valid index");
	if (idx >= ASSEMBLY_BLOCKS_MAX)
		return error_set(err, ERROR_LIMIT, "the answer has more than %d blocks",
				 ASSEMBLY_BLOCKS_MAX);
	while ((int64_t)assembly->len <= idx)
		VEC_PUSH(assembly,
			 (struct assembly_block){.text = BUF_INIT, .signature = BUF_INIT});
	if (!assembly->items[idx].started) {
		assembly->items[idx].started = true;
		assembly->items[idx].kind = kind;
	}
	return true;
}

void assembly_name(struct assembly *assembly, int64_t idx, struct str id, struct str name)
{
	assembly->items[idx].id = arena_str(assembly->arena, id);
	assembly->items[idx].name = arena_str(assembly->arena, name);
}

static bool count_size(struct assembly *assembly, size_t more, struct error *err)
{
	assembly->size += more;
	if (assembly->size > ASSEMBLY_SIZE_MAX)
		return error_set(err, ERROR_LIMIT, "the answer is longer than %d MiB",
				 ASSEMBLY_SIZE_MAX >> 20);
	return true;
}

static void tell_watch(const struct assembly *assembly, const struct assembly_block *block,
		       struct str piece)
{
	const struct watch *watch = assembly->watch;
	bool is_tool = block->kind == BLOCK_TOOL_USE;
	bool is_answer =
		is_tool && assembly->output_tool.len && str_eq(block->name, assembly->output_tool);

	if (!watch || piece.len == 0)
		return;
	if ((block->kind == BLOCK_TEXT || is_answer) && watch->text)
		watch->text(watch->ctx, piece);
	if (is_tool && !is_answer && watch->tool_input)
		watch->tool_input(watch->ctx, block->name, piece);
}

bool assembly_add(struct assembly *assembly, int64_t idx, struct str piece, struct error *err)
{
	struct assembly_block *block = &assembly->items[idx];

	if (!count_size(assembly, piece.len, err))
		return false;
	buf_add(&block->text, piece);
	tell_watch(assembly, block, piece);
	return true;
}

bool assembly_add_signature(struct assembly *assembly, int64_t idx, struct str piece,
			    struct error *err)
{
	if (!count_size(assembly, piece.len, err))
		return false;
	buf_add(&assembly->items[idx].signature, piece);
	return true;
}

void assembly_stop(struct assembly *assembly, struct str reason)
{
	assembly->stopped = true;
	assembly->stop = stop_reason_read(reason);
	assembly->stop_text = arena_str(assembly->arena, reason);
}

static bool ended_by_itself(const struct assembly *assembly)
{
	return assembly->stop == STOP_END || assembly->stop == STOP_TOOL_USE ||
	       assembly->stop == STOP_SEQUENCE;
}

/*
 * If the input is not a JSON object, the model can be told: the block keeps the text and the
 * reason. If something else ended the answer, that is the error, not the incomplete input.
 */
static void read_input(const struct assembly *assembly, const struct assembly_block *from,
		       struct block *to)
{
	struct str text = str_trim(buf_str(&from->text));
	struct error why = {0};

	to->problem = assembly->problem;
	to->input = text.len ? json_read(assembly->arena, text, ASSEMBLY_SIZE_MAX, &why)
			     : value_object(assembly->arena);
	if (value_is(to->input, VALUE_OBJECT))
		return;
	to->problem = ended_by_itself(assembly)
			      ? arena_printf(assembly->arena, "the input is not a JSON object: %s",
					     why.message[0] ? why.message
							    : value_kind_name(to->input->kind))
			      : STR_EMPTY;
	to->input = value_object(assembly->arena);
	to->text = arena_str(assembly->arena, text);
}

bool assembly_finish(struct assembly *assembly, struct reply *reply, struct error *err)
{
	struct message message = {.role = ROLE_ASSISTANT};

	if (!assembly->stopped)
		return error_set(err, ERROR_PROTOCOL,
				 "the answer ends without its stop event, after %zu bytes",
				 assembly->size);
	for (size_t i = 0; i < assembly->len; i++) {
		const struct assembly_block *from = &assembly->items[i];
		struct block *to;

		if (!from->started || (from->kind == BLOCK_TEXT && from->text.len == 0))
			continue;
		to = message_add(assembly->arena, &message, from->kind);
		to->id = from->id;
		to->name = from->name;
		if (from->kind == BLOCK_TOOL_USE) {
			read_input(assembly, from, to);
			continue;
		}
		to->text = arena_str(assembly->arena, buf_str(&from->text));
		to->signature = arena_str(assembly->arena, buf_str(&from->signature));
	}
	reply->message = message;
	reply->stop = assembly->stop;
	reply->stop_text = assembly->stop_text;
	reply->usage = assembly->usage;
	reply->unmetered = !assembly->metered;
	return true;
}

/* Replaces the block's call by the text that it contains. */
static void unwrap(struct arena *arena, struct block *block, const struct value *input)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	if (block->text.len) /* what cannot be read, or was cut */
		buf_add(&text, block->text);
	else
		json_write(&text, input, JSON_COMPACT);
	*block = (struct block){.kind = BLOCK_TEXT, .text = arena_str(arena, buf_str(&text))};
}

/* The inputs of all calls in one; NULL when they cannot be joined. */
static struct value *join_calls(struct arena *arena, const struct reply *reply, struct str name)
{
	struct value *joined = NULL;

	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *block = &reply->message.blocks[i];

		if (block->kind != BLOCK_TOOL_USE || !str_eq(block->name, name))
			continue;
		if (block->text.len)
			return NULL;
		joined = joined ? value_join(arena, joined, block->input)
				: value_copy(arena, block->input);
		if (!joined)
			return NULL;
	}
	return joined;
}

void reply_unwrap_output(struct arena *arena, struct reply *reply, struct str name)
{
	const struct value *joined = join_calls(arena, reply, name);
	bool first = true;

	for (size_t i = 0; i < reply->message.len; i++) {
		struct block *block = &reply->message.blocks[i];

		if (block->kind != BLOCK_TOOL_USE || !str_eq(block->name, name))
			continue;
		unwrap(arena, block, joined ? joined : block->input);
		if (joined && !first)
			block->text = STR_EMPTY;
		first = false;
		if (reply->stop == STOP_TOOL_USE)
			reply->stop = STOP_END;
	}
}

void reply_wrap_answer(struct arena *arena, struct reply *reply, struct str name)
{
	for (size_t i = 0; i < reply->message.len; i++) {
		struct block *block = &reply->message.blocks[i];
		ptrdiff_t first = str_find_char(block->text, '{', 0);
		ptrdiff_t last = str_rfind_char(block->text, '}');
		struct error ignored = {0};
		struct value *input;

		if (block->kind != BLOCK_TEXT || first < 0 || last < first)
			continue;
		input = json_read(arena,
				  str_slice(block->text, (size_t)first, (size_t)(last - first) + 1),
				  ASSEMBLY_SIZE_MAX, &ignored);
		if (!value_is(input, VALUE_OBJECT))
			continue;
		*block = (struct block){
			.kind = BLOCK_TOOL_USE, .id = STR("answer"), .name = name, .input = input};
		if (reply->stop == STOP_END)
			reply->stop = STOP_TOOL_USE;
		return;
	}
}
