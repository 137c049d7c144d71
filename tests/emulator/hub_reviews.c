/* Reviews: all or nothing, held to the lines of the change, one pending review a person. */
#include "base/utf8.h"
#include "hub_state.h"
#include "value/put.h"

enum { BODY_CHARACTERS_MAX = 65536 };

bool hub_is_pending(const struct hub *hub, int64_t review)
{
	for (size_t i = 0; i < hub->reviews.len; i++) {
		if (hub->reviews.items[i].id == review)
			return hub->reviews.items[i].pending;
	}
	return false;
}

static struct value *review_value(struct hub_call *call, const struct hub_review *review)
{
	struct value *object = value_object(call->arena);

	put_int(call->arena, object, "id", review->id);
	put_text(call->arena, object, "body", review->body);
	value_set(call->arena, object, "user", hub_user(call->arena, review->author));
	put_text(call->arena, object, "commit_id", review->commit);
	put_word(call->arena, object, "state", review->pending ? "PENDING" : "COMMENTED");
	put_text(call->arena, object, "html_url",
		 hub_url(call, "/pull/%lld#pullrequestreview-%lld", (long long)call->hub->number,
			 (long long)review->id));
	hub_complete(call->arena, object, HUB_REVIEW);
	return object;
}

static bool has_pending(const struct hub *hub)
{
	for (size_t i = 0; i < hub->reviews.len; i++) {
		const struct hub_review *review = &hub->reviews.items[i];

		if (review->pending && !review->deleted && str_eq(review->author, hub->login))
			return true;
	}
	return false;
}

static bool is_refused_path(const struct hub *hub, struct str path)
{
	for (size_t i = 0; i < value_len(hub->refuse_paths); i++) {
		if (str_eq(value_as_string(value_at(hub->refuse_paths, i)), path))
			return true;
	}
	return false;
}

/* Why GitHub would refuse this comment; NULL when it would not. */
static const char *refusal(const struct hub *hub, const struct value *comment, struct str commit)
{
	struct str commits[2] = {hub->base_commit, commit};
	struct str path = value_get_string(comment, "path");
	struct str body = value_get_string(comment, "body");
	int64_t line = value_get_int(comment, "line", 0);
	int64_t start = value_get_int(comment, "start_line", line);
	bool left = str_eq(value_get_string(comment, "side"), STR("LEFT"));

	if (!body.len || utf8_count(body) > BODY_CHARACTERS_MAX)
		return "Body is too long (maximum is 65536 characters)";
	if (!path.len)
		return "Path could not be resolved";
	if (line < 1 || start > line || is_refused_path(hub, path) ||
	    !hub_repo_has_lines(hub->repo, commits, path, left, start, line))
		return "Line could not be resolved";
	return NULL;
}

static void add_comment(struct hub *hub, const struct hub_review *review,
			const struct value *comment)
{
	VEC_PUSH(&hub->lines,
		 (struct hub_comment){
			 .id = ++hub->next_id,
			 .review = review->id,
			 .author = review->author,
			 .body = arena_str(&hub->arena, value_get_string(comment, "body")),
			 .path = arena_str(&hub->arena, value_get_string(comment, "path")),
			 .commit = review->commit,
			 .line = value_get_int(comment, "line", 0),
			 .start_line = value_get_int(comment, "start_line", 0),
			 .left = str_eq(value_get_string(comment, "side"), STR("LEFT")),
		 });
}

static void make_review(struct hub_call *call)
{
	struct hub *hub = call->hub;
	const struct value *comments = value_get(call->body, "comments");
	struct str event = value_get_string(call->body, "event");
	struct str body = value_get_string(call->body, "body");
	struct str commit = value_get_string(call->body, "commit_id");

	if (has_pending(hub)) {
		hub_refuse(call, 422, "Unprocessable Entity",
			   "User can only have one pending review per pull request");
		return;
	}
	if (!commit.len)
		commit = hub->head_commit;
	for (size_t i = 0; i < value_len(comments); i++) {
		const char *why = refusal(hub, value_at(comments, i), commit);

		if (why) {
			hub_refuse(call, 422, "Unprocessable Entity", why);
			return;
		}
	}
	if (event.len && !str_eq(event, STR("APPROVE")) && !body.len && !value_len(comments)) {
		hub_refuse(call, 422, "Unprocessable Entity", "Review comments is invalid");
		return;
	}
	VEC_PUSH(&hub->reviews, (struct hub_review){
					.id = ++hub->next_id,
					.author = hub->login,
					.body = arena_str(&hub->arena, body),
					.commit = arena_str(&hub->arena, commit),
					.pending = !event.len,
				});
	for (size_t i = 0; i < value_len(comments); i++)
		add_comment(hub, &hub->reviews.items[hub->reviews.len - 1], value_at(comments, i));
	hub_json(call, 200, review_value(call, &hub->reviews.items[hub->reviews.len - 1]));
}

void hub_reviews(struct hub_call *call)
{
	struct value *list = value_array(call->arena);

	if (str_eq(call->request->method, STR("POST"))) {
		make_review(call);
		return;
	}
	for (size_t i = 0; i < call->hub->reviews.len; i++) {
		if (!call->hub->reviews.items[i].deleted)
			value_append(call->arena, list,
				     review_value(call, &call->hub->reviews.items[i]));
	}
	hub_page(call, list);
}

static struct hub_review *find(struct hub_call *call)
{
	int64_t id = 0;

	if (!str_to_int64(call->parts[1], &id))
		return NULL;
	for (size_t i = 0; i < call->hub->reviews.len; i++) {
		struct hub_review *review = &call->hub->reviews.items[i];

		if (review->id == id && !review->deleted)
			return review;
	}
	return NULL;
}

void hub_review(struct hub_call *call)
{
	struct hub_review *review = find(call);
	struct hub *hub = call->hub;

	if (!review) {
		hub_refuse(call, 404, "Not Found", NULL);
		return;
	}
	if (str_eq(call->request->method, STR("DELETE"))) {
		if (!review->pending) {
			hub_refuse(call, 422, "Can not delete a non-pending pull request review",
				   NULL);
			return;
		}
		review->deleted = true;
		review->pending = false;
		for (size_t i = 0; i < hub->lines.len; i++)
			hub->lines.items[i].deleted |= hub->lines.items[i].review == review->id;
	}
	hub_json(call, 200, review_value(call, review));
}

void hub_review_comments(struct hub_call *call)
{
	struct hub_review *review = find(call);
	struct value *list = value_array(call->arena);

	if (!review) {
		hub_refuse(call, 404, "Not Found", NULL);
		return;
	}
	for (size_t i = 0; i < call->hub->lines.len; i++) {
		const struct hub_comment *comment = &call->hub->lines.items[i];

		if (!comment->deleted && comment->review == review->id)
			value_append(call->arena, list,
				     hub_comment_value(call->hub, call->arena, comment));
	}
	hub_page(call, list);
}

void hub_review_events(struct hub_call *call)
{
	struct hub_review *review = find(call);

	if (!review || !review->pending) {
		hub_refuse(call, review ? 422 : 404, "Could not submit the review", NULL);
		return;
	}
	review->pending = false;
	hub_json(call, 200, review_value(call, review));
}
