/* Reviews: one request with all comments, sent once; finds and deletes pending reviews. */
#include "github/comments.h"
#include "github/wire.h"
#include "value/put.h"

struct wire_review {
	int64_t id;
	struct str state, body, url;
	struct wire_user user;
};

static const struct field review_rows[] = {
	{.name = "id",
	 .type = FIELD_INT,
	 .offset = offsetof(struct wire_review, id),
	 .required = true},
	{.name = "state", .type = FIELD_STRING, .offset = offsetof(struct wire_review, state)},
	{.name = "body", .type = FIELD_STRING, .offset = offsetof(struct wire_review, body)},
	{.name = "html_url", .type = FIELD_STRING, .offset = offsetof(struct wire_review, url)},
	{.name = "user",
	 .type = FIELD_OBJECT,
	 .offset = offsetof(struct wire_review, user),
	 .fields = &wire_user_fields},
};

static const struct fields review_fields = {
	.title = "a review",
	.items = review_rows,
	.len = ARRAY_LEN(review_rows),
	.size = sizeof(struct wire_review),
	.open = true,
};

static struct review_record review_take(const struct wire_review *wire)
{
	return (struct review_record){
		.id = wire->id,
		.author = wire->user.login,
		.author_type = wire->user.type,
		.state = wire->state,
		.body = wire->body,
		.url = wire->url,
	};
}

bool reviews_list(struct github *github, int64_t number, struct arena *arena,
		  struct review_records *reviews, struct error *err)
{
	struct review_records result = {0};
	struct value *items;

	if (!github_list(github,
			 arena_printf(arena, "/repos/%.*s/pulls/%lld/reviews?per_page=100",
				      STR_ARG(github_repository(github)), (long long)number),
			 COMMENTS_MAX, arena, &items, err))
		return false;
	result.items = ARENA_ARRAY(arena, struct review_record, value_len(items));
	for (size_t i = 0; i < value_len(items); i++) {
		struct wire_review wire = {0};

		if (!fields_decode_json(arena, &review_fields, value_at(items, i), "reviews", &wire,
					err))
			return false;
		result.items[result.len++] = review_take(&wire);
	}
	*reviews = result;
	return true;
}

static struct value *comment_object(struct arena *arena, const struct new_comment *comment)
{
	const char *side = diff_side_names[comment->side];
	struct value *object = value_object(arena);

	put_text(arena, object, "path", comment->path);
	if (comment->start_line && comment->start_line < comment->line) {
		put_int(arena, object, "start_line", comment->start_line);
		put_word(arena, object, "start_side", side);
	}
	put_int(arena, object, "line", comment->line);
	put_word(arena, object, "side", side);
	put_text(arena, object, "body", comment->body);
	return object;
}

bool review_create(struct github *github, const struct new_review *review, struct arena *arena,
		   struct review_record *made, struct error *err)
{
	struct value *body = value_object(arena);
	struct value *comments = value_array(arena);
	struct github_answer answer = {0};
	struct wire_review wire = {0};
	struct github_call call = {
		.method = "POST",
		.path = arena_printf(arena, "/repos/%.*s/pulls/%lld/reviews",
				     STR_ARG(github_repository(github)), (long long)review->number),
		.body = body,
		.repeat = GITHUB_REPEAT_NEVER,
	};

	put_text(arena, body, "commit_id", review->commit);
	put_text(arena, body, "body", review->body);
	if (!review->pending)
		put_word(arena, body, "event", "COMMENT");
	for (size_t i = 0; i < review->len; i++)
		value_append(arena, comments, comment_object(arena, &review->comments[i]));
	value_set(arena, body, "comments", comments);
	if (!github_send(github, &call, arena, &answer, err) ||
	    !fields_decode_json(arena, &review_fields, answer.json, "new review", &wire, err))
		return false;
	*made = review_take(&wire);
	return true;
}

bool review_delete(struct github *github, int64_t number, int64_t review_id, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error failed = {0};
	struct github_answer answer = {0};
	struct github_call call = {
		.method = "DELETE",
		.path = arena_printf(&arena, "/repos/%.*s/pulls/%lld/reviews/%lld",
				     STR_ARG(github_repository(github)), (long long)number,
				     (long long)review_id),
	};

	if (github_send(github, &call, &arena, &answer, &failed) || failed.kind == ERROR_NOT_FOUND)
		return true;
	*err = failed;
	return false;
}
