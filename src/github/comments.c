/* Comments of the conversation and on lines: list, create, edit. */
#include "github/comments.h"

#include "github/wire.h"
#include "value/put.h"

/* ".../issues/12" */
static int64_t issue_number(struct str url)
{
	ptrdiff_t slash = str_rfind_char(url, '/');
	int64_t number;

	return slash >= 0 && str_to_int64(str_skip(url, (size_t)slash + 1), &number) ? number : 0;
}

static struct issue_comment issue_comment_take(const struct wire_comment *wire)
{
	return (struct issue_comment){
		.id = wire->id,
		.node_id = wire->node_id,
		.author = wire->user.login,
		.author_type = wire->user.type,
		.body = wire->body,
		.url = wire->url,
		.created_at = wire->created_at,
		.issue = issue_number(wire->issue_url),
	};
}

/* Adds what a page lists; `comments` has room for it. */
static bool take_comments(const struct value *items, struct arena *arena,
			  struct issue_comments *comments, struct error *err)
{
	for (size_t i = 0; i < value_len(items); i++) {
		struct wire_comment wire = {0};

		if (!fields_decode_json(arena, &wire_comment_fields, value_at(items, i), "comments",
					&wire, err))
			return false;
		comments->items[comments->len++] = issue_comment_take(&wire);
	}
	return true;
}

bool issue_comments_list(struct github *github, int64_t number, struct arena *arena,
			 struct issue_comments *comments, struct error *err)
{
	struct issue_comments result = {0};
	struct value *items;

	if (!github_list(github,
			 arena_printf(arena, "/repos/%.*s/issues/%lld/comments?per_page=100",
				      STR_ARG(github_repository(github)), (long long)number),
			 COMMENTS_MAX, arena, &items, err))
		return false;
	result.items = ARENA_ARRAY(arena, struct issue_comment, value_len(items));
	if (!take_comments(items, arena, &result, err))
		return false;
	*comments = result;
	return true;
}

enum { PAGE_MAX = 100 };

struct recent_comments {
	struct arena *arena;
	struct issue_comments found;
};

static bool take_recent(void *ctx, const struct value *page, bool *more, struct error *err)
{
	struct recent_comments *recent = ctx;

	if (value_len(page) > PAGE_MAX)
		return error_set(err, ERROR_PROTOCOL, "a page has more than %d comments", PAGE_MAX);
	if (!take_comments(value_copy(recent->arena, page), recent->arena, &recent->found, err))
		return false;
	*more = value_len(page) && recent->found.len < RECENT_COMMENTS_MAX;
	return true;
}

bool issue_comments_recent(struct github *github, struct str since, struct arena *arena,
			   struct issue_comments *comments, struct error *err)
{
	struct recent_comments recent = {
		.arena = arena,
		.found.items =
			ARENA_ARRAY(arena, struct issue_comment, RECENT_COMMENTS_MAX + PAGE_MAX),
	};
	struct str path = arena_printf(
		arena,
		"/repos/%.*s/issues/comments?sort=updated&direction=desc&since=%.*s&per_page=%d",
		STR_ARG(github_repository(github)), STR_ARG(since), PAGE_MAX);

	if (!github_pages(github, path, take_recent, &recent, err))
		return error_wrap(err, "list the comments of the repository");
	*comments = recent.found;
	return true;
}

/* What the look for a comment needs, whose making may have gone unanswered. */
struct comment_creation {
	struct github *github;
	int64_t number;
	struct str body;
	struct arena *arena;
	struct issue_comment *made;
};

/* GitHub may give the body back with CRLF or without white space at its end. */
static bool same_body(struct str a, struct str b)
{
	size_t i = 0;
	size_t j = 0;

	a = str_trim(a);
	b = str_trim(b);
	while (i < a.len || j < b.len) {
		if (i < a.len && a.ptr[i] == '\r') {
			i++;
		} else if (j < b.len && b.ptr[j] == '\r') {
			j++;
		} else if (i < a.len && j < b.len && a.ptr[i] == b.ptr[j]) {
			i++;
			j++;
		} else {
			return false;
		}
	}
	return true;
}

static bool comment_exists(void *ctx, bool *found, struct error *err)
{
	struct comment_creation *creation = ctx;
	struct issue_comments comments;

	if (!issue_comments_list(creation->github, creation->number, creation->arena, &comments,
				 err))
		return false;
	*found = false;
	for (size_t i = 0; i < comments.len; i++) {
		if (!same_body(comments.items[i].body, creation->body))
			continue;
		*creation->made = comments.items[i];
		*found = true;
	}
	return true;
}

static struct value *body_object(struct arena *arena, struct str body)
{
	struct value *object = value_object(arena);

	put_text(arena, object, "body", body);
	return object;
}

bool issue_comment_create(struct github *github, int64_t number, struct str body,
			  struct arena *arena, struct issue_comment *comment, struct error *err)
{
	struct issue_comment found = {0};
	struct comment_creation creation = {
		.github = github,
		.number = number,
		.body = body,
		.arena = arena,
		.made = &found,
	};
	struct github_call call = {
		.method = "POST",
		.path = arena_printf(arena, "/repos/%.*s/issues/%lld/comments",
				     STR_ARG(github_repository(github)), (long long)number),
		.body = body_object(arena, body),
		.exists = comment_exists,
		.exists_ctx = &creation,
	};
	struct github_answer answer = {0};
	struct wire_comment wire = {0};

	if (!github_create(github, &call, arena, &answer, err))
		return false;
	if (answer.status) {
		if (!fields_decode_json(arena, &wire_comment_fields, answer.json, "new comment",
					&wire, err))
			return false;
		found = issue_comment_take(&wire);
	}
	*comment = found;
	return true;
}

static bool send_simple(struct github *github, const char *method, struct str path,
			struct arena *arena, const struct value *body, struct error *err)
{
	struct github_answer answer = {0};
	struct github_call call = {.method = method, .path = path, .body = body};

	return github_send(github, &call, arena, &answer, err);
}

bool issue_comment_edit(struct github *github, int64_t id, struct str body, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str path = arena_printf(&arena, "/repos/%.*s/issues/comments/%lld",
				       STR_ARG(github_repository(github)), (long long)id);

	return send_simple(github, "PATCH", path, &arena, body_object(&arena, body), err);
}

bool issue_comment_delete(struct github *github, int64_t id, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error failed = {0};
	struct str path = arena_printf(&arena, "/repos/%.*s/issues/comments/%lld",
				       STR_ARG(github_repository(github)), (long long)id);

	if (send_simple(github, "DELETE", path, &arena, NULL, &failed) ||
	    failed.kind == ERROR_NOT_FOUND)
		return true;
	*err = failed;
	return false;
}

static struct review_comment review_comment_take(const struct wire_comment *wire)
{
	int64_t up = value_get_int(wire->reactions, "+1", 0);
	int64_t down = value_get_int(wire->reactions, "-1", 0);

	return (struct review_comment){
		.id = wire->id,
		.node_id = wire->node_id,
		.review_id = wire->review_id,
		.author = wire->user.login,
		.author_type = wire->user.type,
		.body = wire->body,
		.path = wire->path,
		.commit = wire->commit,
		.line = diff_number(wire->line),
		.start_line = diff_number(wire->start_line),
		.original_line = diff_number(wire->original_line),
		.original_start_line = diff_number(wire->original_start_line),
		.side = str_eq(wire->side, str_from(diff_side_names[SIDE_LEFT])) ? SIDE_LEFT
										 : SIDE_RIGHT,
		.in_reply_to = wire->in_reply_to,
		.url = wire->url,
		.original_commit = wire->original_commit,
		.created_at = wire->created_at,
		.up_votes = up,
		.down_votes = down,
		.other_reactions = MAX_OF(
			value_get_int(wire->reactions, "total_count", 0) - up - down, (int64_t)0),
	};
}

static bool list_review_comments(struct github *github, struct str path, struct arena *arena,
				 struct review_comments *comments, struct error *err)
{
	struct review_comments result = {0};
	struct value *items;

	if (!github_list(github, path, COMMENTS_MAX, arena, &items, err))
		return false;
	result.items = ARENA_ARRAY(arena, struct review_comment, value_len(items));
	for (size_t i = 0; i < value_len(items); i++) {
		struct wire_comment wire = {0};

		if (!fields_decode_json(arena, &wire_comment_fields, value_at(items, i),
					"review comments", &wire, err))
			return false;
		result.items[result.len++] = review_comment_take(&wire);
	}
	*comments = result;
	return true;
}

bool review_comments_list(struct github *github, int64_t number, struct arena *arena,
			  struct review_comments *comments, struct error *err)
{
	struct str path = arena_printf(arena, "/repos/%.*s/pulls/%lld/comments?per_page=100",
				       STR_ARG(github_repository(github)), (long long)number);

	return list_review_comments(github, path, arena, comments, err);
}

bool review_comments_of(struct github *github, int64_t number, int64_t review_id,
			struct arena *arena, struct review_comments *comments, struct error *err)
{
	struct str path =
		arena_printf(arena, "/repos/%.*s/pulls/%lld/reviews/%lld/comments?per_page=100",
			     STR_ARG(github_repository(github)), (long long)number,
			     (long long)review_id);

	return list_review_comments(github, path, arena, comments, err);
}

bool review_comment_edit(struct github *github, int64_t id, struct str body, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str path = arena_printf(&arena, "/repos/%.*s/pulls/comments/%lld",
				       STR_ARG(github_repository(github)), (long long)id);

	return send_simple(github, "PATCH", path, &arena, body_object(&arena, body), err);
}
