/* Answers from recordings; a missing one is an error that shows the differences. */
#include <dirent.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/tokens.h"
#include "base/utf8.h"
#include "model/exchange.h"
#include "model/record.h"
#include "value/json.h"

enum { DIFFERENCES_MAX = 4, DIFFERENCE_SIZE_MAX = 160 };

/* A recording's tree, or NULL. */
static struct value *read_exchange(struct arena *arena, const char *dir, struct str name,
				   struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str path = arena_printf(arena, "%s/%.*s", dir, STR_ARG(name));
	struct value *tree;

	/* Links are not followed: the error quotes what is not JSON, which could be any file. */
	if (!file_read_below(dir, arena_text(arena, name), EXCHANGE_SIZE_MAX, &text, err)) {
		if (err->kind != ERROR_NOT_FOUND)
			err->kind = ERROR_CONFIG;
		return NULL;
	}
	tree = json_read(arena, buf_str(&text), EXCHANGE_SIZE_MAX, err);
	if (!tree) {
		error_wrap(err, "recording \"%.*s\"", STR_ARG(path));
		err->kind = ERROR_CONFIG;
	}
	return tree;
}

/* The first name of the folder, in order, that begins with `prefix`; or empty. */
static struct str find_recording(struct arena *arena, const char *dir, struct str prefix)
{
	struct str found = STR_EMPTY;
	DIR *folder = opendir(dir);

	if (!folder)
		return found;
	for (struct dirent *entry; (entry = readdir(folder));) {
		struct str name = str_from(entry->d_name);

		if (str_starts(name, prefix) && (!found.len || str_cmp(name, found) < 0))
			found = arena_str(arena, name);
	}
	closedir(folder);
	return found;
}

/* Adds the lines in which two texts differ, pair by pair, without looking for insertions. */
static void add_differences(struct buf *out, struct str recorded, struct str now)
{
	struct str old_line = STR_EMPTY;
	struct str new_line = STR_EMPTY;
	int count = 0;

	for (int number = 1; count < DIFFERENCES_MAX; number++) {
		bool has_old = str_next_line(&recorded, &old_line, NULL);
		bool has_new = str_next_line(&now, &new_line, NULL);
		struct str old_shown, new_shown;

		if (!has_old && !has_new)
			break;
		if (has_old && has_new && str_eq(old_line, new_line))
			continue;
		old_shown = has_old ? utf8_cut(old_line, DIFFERENCE_SIZE_MAX) : STR("(end)");
		new_shown = has_new ? utf8_cut(new_line, DIFFERENCE_SIZE_MAX) : STR("(end)");
		buf_addf(out, "\n  line %d, recorded: %.*s\n  line %d, now:      %.*s", number,
			 STR_ARG(str_trim(old_shown)), number, STR_ARG(str_trim(new_shown)));
		count++;
	}
}

static bool miss(struct arena *arena, const struct replayed_model *replayed, struct str name,
		 const struct chat_origin *origin, const struct value *request, struct error *err)
{
	SCOPED(buf) struct buf recorded = BUF_INIT;
	SCOPED(buf) struct buf now = BUF_INIT;
	SCOPED(buf) struct buf differences = BUF_INIT;
	struct str near = find_recording(arena, replayed->dir, exchange_prefix(arena, origin));
	struct error unread = {0};
	struct value *tree = near.len ? read_exchange(arena, replayed->dir, near, &unread) : NULL;
	const struct value *old_request;

	if (!tree)
		return error_set(
			err, ERROR_CONFIG,
			"no recording \"%.*s\" in \"%s\", nor another of this agent, unit and turn: record it with --record",
			STR_ARG(name), replayed->dir);
	old_request = value_get(tree, "request");
	if (old_request)
		json_write(&recorded, old_request, JSON_PRETTY);
	json_write(&now, request, JSON_PRETTY);
	add_differences(&differences, buf_str(&recorded), buf_str(&now));
	return error_set(
		err, ERROR_CONFIG,
		"no recording \"%.*s\" in \"%s\"; the nearest, \"%.*s\", has another request:%s",
		STR_ARG(name), replayed->dir, STR_ARG(near), differences.ptr);
}

/* The recorded reply of a request, or NULL with what is wrong. */
static struct value *find_reply(struct arena *arena, const struct replayed_model *replayed,
				const struct chat_origin *origin, const struct value *request,
				struct error *err)
{
	struct error unread = {0};
	struct str name = exchange_name(arena, origin, request);
	struct value *tree = read_exchange(arena, replayed->dir, name, &unread);

	if (tree)
		return value_get(tree, "reply");
	if (unread.kind == ERROR_NOT_FOUND)
		miss(arena, replayed, name, origin, request, err);
	else
		*err = unread;
	return NULL;
}

static void tell(const struct watch *watch, const struct reply *reply)
{
	if (!watch)
		return;
	if (watch->sent)
		watch->sent(watch->ctx);
	if (watch->first_byte)
		watch->first_byte(watch->ctx);
	for (size_t i = 0; i < reply->message.len; i++) {
		SCOPED(buf) struct buf input = BUF_INIT;
		const struct block *block = &reply->message.blocks[i];

		if (block->kind == BLOCK_TEXT && watch->text)
			watch->text(watch->ctx, block->text);
		if (block->kind != BLOCK_TOOL_USE || !watch->tool_input || !block->input)
			continue;
		json_write(&input, block->input, JSON_COMPACT);
		watch->tool_input(watch->ctx, block->name, buf_str(&input));
	}
}

static bool replay_ask(void *ctx, const struct chat *chat, const struct watch *watch,
		       struct reply *reply, struct error *err)
{
	const struct replayed_model *replayed = ctx;
	struct arena *arena = chat->arena;
	const struct value *request = exchange_request(arena, replayed->model, chat);
	const struct value *tree = find_reply(arena, replayed, &chat->origin, request, err);

	if (!tree || !exchange_read_reply(arena, tree, reply, err))
		return false;
	tell(watch, reply);
	return true;
}

static bool replay_embed(void *ctx, struct arena *arena, const struct embed_request *request,
			 struct embed_reply *reply, struct error *err)
{
	const struct replayed_model *replayed = ctx;
	const struct value *tree =
		find_reply(arena, replayed, &request->origin,
			   exchange_embed_request(arena, replayed->model, request), err);

	return tree && exchange_read_embed_reply(arena, tree, reply, err);
}

static bool replay_count(void *ctx UNUSED, const struct chat *chat, int64_t *tokens,
			 bool *estimated, struct error *err UNUSED)
{
	*tokens = (int64_t)(chat_size(chat) / BYTES_PER_TOKEN);
	*estimated = true;
	return true;
}

const struct model_ops replay_ops = {
	.ask = replay_ask, .embed = replay_embed, .count = replay_count};
