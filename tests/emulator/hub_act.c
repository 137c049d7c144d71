/* What people do on the pull request, for tests: resolve, react, reply, delete, merge, sign in. */
#include "hub_state.h"
#include "value/json.h"

static struct hub_comment *find_line_comment(struct hub *hub, const struct value *act,
					     const char *name)
{
	int64_t id = value_get_int(act, name, 0);

	for (size_t i = 0; i < hub->lines.len; i++) {
		if (id && hub->lines.items[i].id == id)
			return &hub->lines.items[i];
	}
	return NULL;
}

static void reply(struct hub *hub, const struct hub_comment *parent, struct str by, struct str body)
{
	VEC_PUSH(&hub->lines, (struct hub_comment){.id = ++hub->next_id,
						   .review = parent->review,
						   .reply_to = parent->id,
						   .author = by,
						   .body = arena_str(&hub->arena, body),
						   .path = parent->path,
						   .commit = parent->commit,
						   .line = parent->line,
						   .left = parent->left});
}

/* Removes a comment of the conversation, as its "..." menu does. */
static bool delete_comment(struct hub *hub, int64_t id)
{
	for (size_t i = 0; id && i < hub->conversation.len; i++) {
		if (hub->conversation.items[i].id != id)
			continue;
		hub->conversation.len--;
		for (size_t j = i; j < hub->conversation.len; j++)
			hub->conversation.items[j] = hub->conversation.items[j + 1];
		return true;
	}
	return false;
}

/* The next pull request, with the same change: its conversation is empty. */
static void open_next(struct hub *hub)
{
	for (size_t i = 0; i < hub->conversation.len; i++) {
		struct hub_comment comment = hub->conversation.items[i];

		comment.pull = hub->number;
		VEC_PUSH(&hub->earlier, comment);
	}
	for (size_t i = 0; i < hub->lines.len; i++)
		VEC_RELEASE(&hub->lines.items[i].reactions);
	hub->conversation.len = 0;
	hub->lines.len = 0;
	hub->reviews.len = 0;
	hub->checks.len = 0;
	hub->number++;
	hub->merged = false;
}

bool hub_act(struct hub *hub, struct str json, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *act = json_read(&arena, json, 0, err);
	struct str by = arena_str(&hub->arena, value_get_string(act, "by"));
	struct hub_comment *comment;

	if (!act)
		return false;
	if (value_get_bool(act, "merge", false)) {
		hub->merged = true;
	} else if (value_get_bool(act, "open_next", false)) {
		open_next(hub);
	} else if (value_get_bool(act, "sign_in", false)) {
		hub->login = by;
	} else if ((comment = find_line_comment(hub, act, "resolve"))) {
		comment->resolved = true;
		comment->resolved_by = by;
	} else if ((comment = find_line_comment(hub, act, "react"))) {
		struct str content = arena_str(&hub->arena, value_get_string(act, "content"));

		VEC_PUSH(&comment->reactions, (struct hub_reaction){content, by});
	} else if ((comment = find_line_comment(hub, act, "reply"))) {
		struct hub_comment parent = *comment;

		reply(hub, &parent, by, value_get_string(act, "body"));
	} else if ((comment = find_line_comment(hub, act, "delete"))) {
		comment->deleted = true;
	} else if (!delete_comment(hub, value_get_int(act, "delete", 0))) {
		return error_set(err, ERROR_CONFIG, "nothing is done on a comment that is there");
	}
	return true;
}
