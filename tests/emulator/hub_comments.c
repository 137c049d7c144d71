/* Comments in the conversation and on lines, and reactions to them. */
#include "base/utf8.h"
#include "hub_state.h"
#include "value/put.h"

enum { BODY_CHARACTERS_MAX = 65536 };

int64_t hub_line_now(const struct hub *hub, const struct hub_comment *comment, int64_t line)
{
	struct str commits[2] = {hub->base_commit, hub->head_commit};
	int64_t now = comment->left ? line
				    : hub_repo_follow(hub->repo, comment->commit, hub->head_commit,
						      comment->path, line);

	return now && hub_repo_has_lines(hub->repo, commits, comment->path, comment->left, now, now)
		       ? now
		       : 0;
}

static struct value *line_value(struct arena *arena, int64_t line)
{
	return line ? value_int(arena, line) : value_null(arena);
}

static struct value *reaction_counts(struct arena *arena, const struct hub_comment *comment)
{
	static const char *const names[] = {"+1",       "-1",    "laugh",  "hooray",
					    "confused", "heart", "rocket", "eyes"};
	struct value *counts = value_object(arena);

	put_word(arena, counts, "url", "https://example.invalid/reactions");
	put_int(arena, counts, "total_count", (int64_t)comment->reactions.len);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		int64_t count = 0;

		for (size_t j = 0; j < comment->reactions.len; j++)
			count += str_eq(comment->reactions.items[j].content, str_from(names[i]));
		put_int(arena, counts, names[i], count);
	}
	return counts;
}

struct value *hub_comment_value(struct hub *hub, struct arena *arena,
				const struct hub_comment *comment)
{
	struct value *object = value_object(arena);
	struct value *reactions = value_array(arena);
	int64_t pull = comment->pull ? comment->pull : hub->number;
	int64_t line;
	int64_t start;

	put_int(arena, object, "id", comment->id);
	put_text(arena, object, "node_id", arena_printf(arena, "N%lld", (long long)comment->id));
	put_text(arena, object, "body", comment->body);
	value_set(arena, object, "user", hub_user(arena, comment->author));
	put_text(arena, object, "html_url",
		 arena_printf(arena, "https://example.invalid/%.*s/pull/%lld#c%lld",
			      STR_ARG(hub->repository), (long long)pull, (long long)comment->id));
	if (!comment->path.len)
		put_text(arena, object, "issue_url",
			 arena_printf(arena, "https://example.invalid/repos/%.*s/issues/%lld",
				      STR_ARG(hub->repository), (long long)pull));
	put_text(arena, object, "created_at", hub->date);
	put_text(arena, object, "updated_at", hub->date);
	for (size_t i = 0; i < comment->reactions.len; i++)
		value_append(arena, reactions,
			     value_string(arena, comment->reactions.items[i].content));
	value_set(arena, object, "reaction_names", reactions);
	value_set(arena, object, "reactions", reaction_counts(arena, comment));
	hub_complete(arena, object,
		     comment->path.len ? HUB_LINE_COMMENT : HUB_CONVERSATION_COMMENT);
	if (!comment->path.len)
		return object;
	put_int(arena, object, "pull_request_review_id", comment->review);
	put_text(arena, object, "path", comment->path);
	put_text(arena, object, "commit_id", comment->commit);
	put_text(arena, object, "original_commit_id", comment->commit);
	line = hub_line_now(hub, comment, comment->line);
	value_set(arena, object, "line", line_value(arena, line));
	put_int(arena, object, "original_line", comment->line);
	put_word(arena, object, "side", comment->left ? "LEFT" : "RIGHT");
	put_word(arena, object, "subject_type", "line");
	if (comment->start_line) {
		start = line ? hub_line_now(hub, comment, comment->start_line) : 0;
		value_set(arena, object, "start_line", line_value(arena, start));
		put_int(arena, object, "original_start_line", comment->start_line);
		put_word(arena, object, "start_side", comment->left ? "LEFT" : "RIGHT");
	}
	if (comment->reply_to)
		put_int(arena, object, "in_reply_to_id", comment->reply_to);
	return object;
}

/* The body of a comment to be written; false when GitHub would refuse it. */
static bool take_body(struct hub_call *call, struct str *body)
{
	*body = value_get_string(call->body, "body");
	if (!body->len) {
		hub_refuse(call, 422, "Validation Failed", "body can't be blank");
		return false;
	}
	if (utf8_count(*body) > BODY_CHARACTERS_MAX) {
		hub_refuse(call, 422, "Validation Failed",
			   "body is too long (maximum is 65536 characters)");
		return false;
	}
	*body = arena_str(&call->hub->arena, *body);
	return true;
}

void hub_conversation(struct hub_call *call)
{
	struct hub *hub = call->hub;
	struct value *list = value_array(call->arena);
	struct str body;

	if (str_eq(call->request->method, STR("POST"))) {
		if (!take_body(call, &body))
			return;
		VEC_PUSH(&hub->conversation, (struct hub_comment){.id = ++hub->next_id,
								  .author = hub->login,
								  .body = body});
		hub_json(call, 201,
			 hub_comment_value(hub, call->arena,
					   &hub->conversation.items[hub->conversation.len - 1]));
		return;
	}
	for (size_t i = 0; i < hub->conversation.len; i++) {
		if (!hub->conversation.items[i].deleted)
			value_append(call->arena, list,
				     hub_comment_value(hub, call->arena,
						       &hub->conversation.items[i]));
	}
	hub_page(call, list);
}

/* Of all pull requests, the last made first. */
void hub_conversations(struct hub_call *call)
{
	struct hub *hub = call->hub;
	struct value *list = value_array(call->arena);
	bool old = str_cmp(hub->date, hub_query(call, "since")) < 0;

	for (size_t i = hub->conversation.len; !old && i-- > 0;) {
		if (!hub->conversation.items[i].deleted)
			value_append(call->arena, list,
				     hub_comment_value(hub, call->arena,
						       &hub->conversation.items[i]));
	}
	for (size_t i = hub->earlier.len; !old && i-- > 0;) {
		if (!hub->earlier.items[i].deleted)
			value_append(call->arena, list,
				     hub_comment_value(hub, call->arena, &hub->earlier.items[i]));
	}
	hub_page(call, list);
}

static struct hub_comment *find(struct hub_call *call, bool on_lines)
{
	struct hub *hub = call->hub;
	size_t len = on_lines ? hub->lines.len : hub->conversation.len;
	int64_t id = 0;

	if (!str_to_int64(call->parts[0], &id))
		return NULL;
	for (size_t i = 0; i < len; i++) {
		struct hub_comment *comment =
			on_lines ? &hub->lines.items[i] : &hub->conversation.items[i];

		if (comment->id == id && !comment->deleted)
			return comment;
	}
	return NULL;
}

static void answer_comment(struct hub_call *call, bool on_lines)
{
	struct hub_comment *comment = find(call, on_lines);
	struct str body;

	if (!comment) {
		hub_refuse(call, 404, "Not Found", NULL);
		return;
	}
	if (str_eq(call->request->method, STR("DELETE"))) {
		comment->deleted = true;
		hub_json(call, 204, NULL);
		return;
	}
	if (str_eq(call->request->method, STR("PATCH"))) {
		if (!take_body(call, &body))
			return;
		comment->body = body;
	}
	hub_json(call, 200, hub_comment_value(call->hub, call->arena, comment));
}

void hub_conversation_comment(struct hub_call *call)
{
	answer_comment(call, false);
}

void hub_line_comment(struct hub_call *call)
{
	answer_comment(call, true);
}

static void reply(struct hub_call *call)
{
	struct hub *hub = call->hub;
	struct hub_comment *parent;
	struct str body;

	call->parts[0] = call->parts[1];
	parent = find(call, true);
	if (!parent) {
		hub_refuse(call, 404, "Not Found", NULL);
		return;
	}
	if (!take_body(call, &body))
		return;
	VEC_PUSH(&hub->lines, (struct hub_comment){.id = ++hub->next_id,
						   .review = parent->review,
						   .reply_to = parent->id,
						   .author = hub->login,
						   .body = body,
						   .path = parent->path,
						   .commit = parent->commit,
						   .line = parent->line,
						   .left = parent->left});
	hub_json(call, 201,
		 hub_comment_value(hub, call->arena, &hub->lines.items[hub->lines.len - 1]));
}

void hub_line_comments(struct hub_call *call)
{
	struct hub *hub = call->hub;
	struct value *list = value_array(call->arena);

	if (str_eq(call->request->method, STR("POST"))) {
		reply(call);
		return;
	}
	for (size_t i = 0; i < hub->lines.len; i++) {
		const struct hub_comment *comment = &hub->lines.items[i];

		if (!comment->deleted && !hub_is_pending(hub, comment->review))
			value_append(call->arena, list,
				     hub_comment_value(hub, call->arena, comment));
	}
	hub_page(call, list);
}

static struct value *reaction_value(struct hub_call *call, const struct hub_reaction *reaction,
				    int64_t id)
{
	struct value *object = value_object(call->arena);

	put_int(call->arena, object, "id", id);
	put_text(call->arena, object, "content", reaction->content);
	value_set(call->arena, object, "user", hub_user(call->arena, reaction->by));
	hub_complete(call->arena, object, HUB_REACTION);
	return object;
}

static void list_reactions(struct hub_call *call, const struct hub_comment *comment)
{
	struct str content = hub_query(call, "content");
	struct value *list = value_array(call->arena);

	for (size_t i = 0; i < comment->reactions.len; i++) {
		const struct hub_reaction *reaction = &comment->reactions.items[i];

		if (!content.len || str_eq(reaction->content, content))
			value_append(call->arena, list,
				     reaction_value(call, reaction,
						    comment->id * 100 + (int64_t)i));
	}
	hub_page(call, list);
}

void hub_reactions(struct hub_call *call)
{
	bool on_lines = str_contains(call->request->path, STR("/pulls/comments/"));
	struct hub_comment *comment = find(call, on_lines);
	struct hub_reaction reaction = {.by = call->hub->login};

	if (!comment) {
		hub_refuse(call, 404, "Not Found", NULL);
		return;
	}
	if (str_eq(call->request->method, STR("GET"))) {
		list_reactions(call, comment);
		return;
	}
	reaction.content = arena_str(&call->hub->arena, value_get_string(call->body, "content"));
	VEC_PUSH(&comment->reactions, reaction);
	hub_json(call, 201, reaction_value(call, &reaction, ++call->hub->next_id));
}
