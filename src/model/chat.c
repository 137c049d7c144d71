/* Conversations and replies: adding messages and blocks, reading an answer, adding up tokens. */
#include "model/chat.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"

enum { FIRST_CAP = 4, ENLARGE_FACTOR = 4, TOOL_NAME_LEN_MAX = 64 };

/* A larger copy of `items` in the arena; the old one is freed with the arena. */
static void *grown(struct arena *arena, const void *items, size_t len, size_t *cap, size_t size)
{
	size_t new_cap = *cap ? *cap * 2 : FIRST_CAP;
	void *copy = arena_alloc(arena, new_cap, size);

	if (len)
		memcpy(copy, items, len * size);
	*cap = new_cap;
	return copy;
}

struct message *chat_add(struct chat *chat, enum role role)
{
	struct message *message;

	if (chat->len == chat->cap)
		chat->messages = grown(chat->arena, chat->messages, chat->len, &chat->cap,
				       sizeof(*chat->messages));
	message = &chat->messages[chat->len++];
	*message = (struct message){.role = role};
	return message;
}

struct block *message_add(struct arena *arena, struct message *message, enum block_kind kind)
{
	struct block *block;

	if (message->len == message->cap)
		message->blocks = grown(arena, message->blocks, message->len, &message->cap,
					sizeof(*message->blocks));
	block = &message->blocks[message->len++];
	*block = (struct block){.kind = kind};
	return block;
}

struct block *message_add_text(struct arena *arena, struct message *message, struct str text)
{
	struct block *block = message_add(arena, message, BLOCK_TEXT);

	block->text = text;
	return block;
}

static bool is_name_char(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

/* The name with '_' for characters that a service rejects, at most 64 bytes of it. */
static struct str valid_name(struct arena *arena, struct str name)
{
	SCOPED(buf) struct buf valid = BUF_INIT;

	for (size_t i = 0; i < MIN_OF(name.len, (size_t)TOOL_NAME_LEN_MAX); i++)
		buf_add_char(&valid, is_name_char(name.ptr[i]) ? name.ptr[i] : '_');
	return arena_str(arena, valid.len ? buf_str(&valid) : STR("unnamed"));
}

const struct message *chat_add_reply(struct chat *chat, const struct message *reply)
{
	struct message *message = chat_add(chat, ROLE_ASSISTANT);

	for (size_t i = 0; i < reply->len; i++) {
		struct block *block = message_add(chat->arena, message, reply->blocks[i].kind);

		*block = reply->blocks[i];
		if (block->kind != BLOCK_TOOL_USE)
			continue;
		block->name = valid_name(chat->arena, block->name);
		if (!block->id.len)
			block->id = arena_printf(chat->arena, "call_%zu_%zu", chat->len, i + 1);
	}
	if (!message->len)
		message_add_text(chat->arena, message, STR("(no answer)"));
	return message;
}

size_t chat_size(const struct chat *chat)
{
	size_t size = chat->system.len;

	for (size_t i = 0; i < chat->len; i++) {
		for (size_t j = 0; j < chat->messages[i].len; j++)
			size += chat->messages[i].blocks[j].text.len;
	}
	for (size_t i = 0; i < chat->tools_len; i++)
		size += chat->tools[i].name.len + chat->tools[i].description.len;
	return size;
}

bool chat_enlarge(struct chat *chat, int64_t max)
{
	int64_t *limit = &chat->inference.max_tokens;
	int64_t larger = *limit * ENLARGE_FACTOR;

	if (max > 0)
		larger = MIN_OF(larger, max);
	if (larger <= *limit)
		return false;
	*limit = larger;
	return true;
}

/* Figures in a report from another program are unbounded. */
static void add_saturated(int64_t *sum, int64_t part)
{
	if (__builtin_add_overflow(*sum, part, sum))
		*sum = INT64_MAX;
}

void usage_add(struct usage *sum, const struct usage *part)
{
	add_saturated(&sum->input, part->input);
	add_saturated(&sum->output, part->output);
	add_saturated(&sum->cache_read, part->cache_read);
	add_saturated(&sum->cache_write, part->cache_write);
	add_saturated(&sum->cache_write_hour, part->cache_write_hour);
}

static const char *const stop_reason_names[] = {
	[STOP_END] = "end_turn",
	[STOP_TOOL_USE] = "tool_use",
	[STOP_SEQUENCE] = "stop_sequence",
	[STOP_MAX_TOKENS] = "max_tokens",
	[STOP_CONTEXT_WINDOW] = "model_context_window_exceeded",
	[STOP_GUARDRAIL] = "guardrail_intervened",
	[STOP_FILTERED] = "content_filtered",
	[STOP_MALFORMED] = "malformed_model_output",
	[STOP_UNKNOWN] = "unknown",
};

const char *stop_reason_name(enum stop_reason reason)
{
	if ((size_t)reason >= ARRAY_LEN(stop_reason_names))
		return "unknown";
	return stop_reason_names[reason];
}

struct str reply_text(struct arena *arena, const struct reply *reply)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	for (size_t i = 0; i < reply->message.len; i++) {
		if (reply->message.blocks[i].kind == BLOCK_TEXT)
			buf_add(&text, reply->message.blocks[i].text);
	}
	return arena_str(arena, buf_str(&text));
}

const struct block *reply_tool_use(const struct reply *reply, struct str name)
{
	for (size_t i = 0; i < reply->message.len; i++) {
		const struct block *block = &reply->message.blocks[i];
		if (block->kind == BLOCK_TOOL_USE && str_eq(block->name, name))
			return block;
	}
	return NULL;
}

int tool_compare(const void *a, const void *b)
{
	return str_cmp(((const struct tool *)a)->name, ((const struct tool *)b)->name);
}
