/* A GitHub in one process, for tests: what the client asks for, and nothing else. */
#include "fake_github.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../github/openapi.h"
#include "value/json.h"

#define PREFIX "/repos/o/r"

static struct value *user(struct arena *arena, struct str login)
{
	struct value *object = value_object(arena);

	value_set(arena, object, "login", value_string(arena, login));
	value_set(arena, object, "type", value_text(arena, "Bot"));
	return object;
}

static struct value *comment_json(struct arena *arena, const struct fake_comment *comment)
{
	struct value *object = value_object(arena);

	value_set(arena, object, "id", value_int(arena, comment->id));
	value_set(arena, object, "node_id",
		  value_string(arena, arena_printf(arena, "N%lld", (long long)comment->id)));
	value_set(arena, object, "body", value_string(arena, comment->body));
	value_set(arena, object, "user", user(arena, comment->author));
	value_set(arena, object, "html_url",
		  value_string(arena, arena_printf(arena, "https://example.invalid/c/%lld",
						   (long long)comment->id)));
	if (!comment->path.len)
		return object;
	value_set(arena, object, "pull_request_review_id", value_int(arena, comment->review));
	value_set(arena, object, "path", value_string(arena, comment->path));
	value_set(arena, object, "line", value_int(arena, comment->line));
	value_set(arena, object, "original_line", value_int(arena, comment->line));
	value_set(arena, object, "side", value_text(arena, comment->left ? "LEFT" : "RIGHT"));
	if (comment->start_line) {
		value_set(arena, object, "start_line", value_int(arena, comment->start_line));
		value_set(arena, object, "original_start_line",
			  value_int(arena, comment->start_line));
	}
	if (comment->down_voter.len) {
		struct value *reactions = value_object(arena);

		value_set(arena, reactions, "-1", value_int(arena, 1));
		value_set(arena, object, "reactions", reactions);
	}
	return object;
}

static struct value *review_json(struct arena *arena, const struct fake_review *review)
{
	struct value *object = value_object(arena);

	value_set(arena, object, "id", value_int(arena, review->id));
	value_set(arena, object, "body", value_string(arena, review->body));
	value_set(arena, object, "user", user(arena, review->author));
	value_set(arena, object, "state",
		  value_text(arena, review->pending ? "PENDING" : "COMMENTED"));
	value_set(arena, object, "html_url",
		  value_string(arena, arena_printf(arena, "https://example.invalid/r/%lld",
						   (long long)review->id)));
	return object;
}

static void answer_json(struct fake_answer *answer, int status, const struct value *json)
{
	answer->status = status;
	buf_reset(&answer->body);
	if (json)
		json_write(&answer->body, json, JSON_COMPACT);
}

static void answer_text(struct fake_answer *answer, int status, const char *text)
{
	answer->status = status;
	buf_reset(&answer->body);
	buf_add_text(&answer->body, text);
}

static bool is_pending(const struct fake_github *github, int64_t review)
{
	for (size_t i = 0; i < github->reviews.len; i++) {
		if (github->reviews.items[i].id == review)
			return github->reviews.items[i].pending;
	}
	return false;
}

/* What a request is about, while it is answered. */
struct call {
	struct fake_github *github;
	struct arena *arena;
	struct str method, path;
	struct value *body;
	struct fake_answer *answer;
};

static bool is(const struct call *call, const char *method, const char *path)
{
	return str_eq(call->method, str_from(method)) && str_eq(call->path, str_from(path));
}

/* The number behind a prefix: "/repos/o/r/pulls/comments/12". */
static bool numbered(const struct call *call, const char *method, const char *prefix, int64_t *id)
{
	return str_eq(call->method, str_from(method)) && str_starts(call->path, str_from(prefix)) &&
	       str_to_int64(str_skip(call->path, str_from(prefix).len), id);
}

static void list_comments(const struct call *call, bool on_lines, int64_t of_review)
{
	struct value *list = value_array(call->arena);
	size_t len = on_lines ? call->github->lines.len : call->github->issue.len;

	for (size_t i = 0; i < len; i++) {
		const struct fake_comment *comment =
			on_lines ? &call->github->lines.items[i] : &call->github->issue.items[i];

		if (comment->deleted || (of_review && comment->review != of_review) ||
		    (!of_review && on_lines && is_pending(call->github, comment->review)))
			continue;
		value_append(call->arena, list, comment_json(call->arena, comment));
	}
	answer_json(call->answer, 200, list);
}

static void make_issue_comment(const struct call *call)
{
	struct fake_github *github = call->github;

	VEC_PUSH(&github->issue,
		 (struct fake_comment){
			 .id = ++github->next_id,
			 .author = github->login,
			 .body = arena_str(&github->arena, value_get_string(call->body, "body")),
		 });
	answer_json(call->answer, 201,
		    comment_json(call->arena, &github->issue.items[github->issue.len - 1]));
}

static void change_comment(const struct call *call, bool on_lines, int64_t id)
{
	struct fake_github *github = call->github;
	size_t len = on_lines ? github->lines.len : github->issue.len;

	for (size_t i = 0; i < len; i++) {
		struct fake_comment *comment =
			on_lines ? &github->lines.items[i] : &github->issue.items[i];

		if (comment->id != id || comment->deleted)
			continue;
		if (str_eq(call->method, STR("DELETE"))) {
			comment->deleted = true;
			answer_json(call->answer, 204, NULL);
			return;
		}
		comment->body = arena_str(&github->arena, value_get_string(call->body, "body"));
		comment->edited = true;
		answer_json(call->answer, 200, comment_json(call->arena, comment));
		return;
	}
	answer_text(call->answer, 404, "{\"message\":\"Not Found\"}");
}

static bool has_pending(const struct fake_github *github)
{
	for (size_t i = 0; i < github->reviews.len; i++) {
		if (github->reviews.items[i].pending && !github->reviews.items[i].deleted)
			return true;
	}
	return false;
}

static bool is_refused(const struct call *call, const struct value *comments)
{
	for (size_t i = 0; i < value_len(comments); i++) {
		if (str_eq(value_get_string(value_at(comments, i), "path"), call->github->bad_path))
			return true;
	}
	return false;
}

static void make_review(const struct call *call)
{
	struct fake_github *github = call->github;
	const struct value *comments = value_get(call->body, "comments");
	bool pending = !value_get_string(call->body, "event").len;

	if (has_pending(github)) {
		answer_text(
			call->answer, 422,
			"{\"message\":\"Unprocessable Entity\",\"errors\":[\"User can only have one pending review per pull request\"]}");
		return;
	}
	if (is_refused(call, comments)) {
		answer_text(
			call->answer, 422,
			"{\"message\":\"Unprocessable Entity\",\"errors\":[\"Line could not be resolved\"]}");
		return;
	}
	VEC_PUSH(&github->reviews,
		 (struct fake_review){
			 .id = ++github->next_id,
			 .author = github->login,
			 .body = arena_str(&github->arena, value_get_string(call->body, "body")),
			 .pending = pending,
		 });
	for (size_t i = 0; i < value_len(comments); i++) {
		const struct value *item = value_at(comments, i);

		VEC_PUSH(&github->lines,
			 (struct fake_comment){
				 .id = ++github->next_id,
				 .review = github->reviews.items[github->reviews.len - 1].id,
				 .author = github->login,
				 .body = arena_str(&github->arena, value_get_string(item, "body")),
				 .path = arena_str(&github->arena, value_get_string(item, "path")),
				 .line = value_get_int(item, "line", 0),
				 .start_line = value_get_int(item, "start_line", 0),
				 .left = str_eq(value_get_string(item, "side"), STR("LEFT")),
				 .can_resolve = !github->deny_resolve,
			 });
	}
	github->reviews_made += !pending;
	answer_json(call->answer, 200,
		    review_json(call->arena, &github->reviews.items[github->reviews.len - 1]));
}

static void list_reviews(const struct call *call)
{
	struct value *list = value_array(call->arena);

	for (size_t i = 0; i < call->github->reviews.len; i++) {
		if (!call->github->reviews.items[i].deleted)
			value_append(call->arena, list,
				     review_json(call->arena, &call->github->reviews.items[i]));
	}
	answer_json(call->answer, 200, list);
}

static void delete_review(const struct call *call, int64_t id)
{
	struct fake_github *github = call->github;

	for (size_t i = 0; i < github->reviews.len; i++) {
		if (github->reviews.items[i].id != id || !github->reviews.items[i].pending)
			continue;
		github->reviews.items[i].deleted = true;
		github->reviews.items[i].pending = false;
		for (size_t j = 0; j < github->lines.len; j++)
			github->lines.items[j].deleted |= github->lines.items[j].review == id;
		answer_text(call->answer, 200, "{}");
		return;
	}
	answer_text(call->answer, 404, "{\"message\":\"Not Found\"}");
}

static struct value *thread_json(struct arena *arena, const struct fake_comment *comment)
{
	struct value *thread = value_object(arena);
	struct value *node = value_object(arena);
	struct value *nodes = value_array(arena);
	struct value *comments = value_object(arena);
	struct str id = arena_printf(arena, "%lld", (long long)comment->id);

	value_set(arena, thread, "id",
		  value_string(arena, arena_printf(arena, "T%.*s", STR_ARG(id))));
	value_set(arena, thread, "isResolved", value_bool(arena, comment->resolved));
	value_set(arena, thread, "isOutdated", value_bool(arena, false));
	value_set(arena, thread, "viewerCanResolve", value_bool(arena, comment->can_resolve));
	value_set(arena, node, "fullDatabaseId", value_string(arena, id));
	value_append(arena, nodes, node);
	value_set(arena, comments, "nodes", nodes);
	value_set(arena, thread, "comments", comments);
	return thread;
}

static void graphql_threads(const struct call *call)
{
	static const char *const path[] = {"reviewThreads", "pullRequest", "repository"};
	struct arena *arena = call->arena;
	struct value *nodes = value_array(arena);
	struct value *inner = value_object(arena);
	struct value *page = value_object(arena);
	struct value *viewer = value_object(arena);
	struct value *answer = value_object(arena);

	for (size_t i = 0; i < call->github->lines.len; i++) {
		const struct fake_comment *comment = &call->github->lines.items[i];

		if (!comment->deleted && !is_pending(call->github, comment->review))
			value_append(arena, nodes, thread_json(arena, comment));
	}
	value_set(arena, page, "hasNextPage", value_bool(arena, false));
	value_set(arena, page, "endCursor", value_null(arena));
	value_set(arena, inner, "pageInfo", page);
	value_set(arena, inner, "nodes", nodes);
	for (size_t i = 0; i < ARRAY_LEN(path); i++) {
		struct value *outer = value_object(arena);

		value_set(arena, outer, path[i], inner);
		inner = outer;
	}
	value_set(arena, viewer, "login", value_string(arena, call->github->login));
	value_set(arena, inner, "viewer", viewer);
	value_set(arena, answer, "data", inner);
	answer_json(call->answer, 200, answer);
}

static void graphql(const struct call *call)
{
	struct str query = value_get_string(call->body, "query");
	struct str id = value_get_string(value_get(call->body, "variables"), "id");
	int64_t number;

	if (call->github->no_graphql) {
		answer_text(
			call->answer, 200,
			"{\"errors\":[{\"type\":\"FORBIDDEN\",\"message\":\"Resource not accessible by integration\"}]}");
		return;
	}
	if (!str_starts(query, STR("mutation"))) {
		graphql_threads(call);
		return;
	}
	call->github->writes++;
	if (str_to_int64(str_skip(id, 1), &number)) {
		for (size_t i = 0; i < call->github->lines.len; i++) {
			if (call->github->lines.items[i].id == number)
				call->github->lines.items[i].resolved = true;
		}
	}
	answer_text(call->answer, 200, "{\"data\":{\"resolveReviewThread\":{}}}");
}

static void checks(const struct call *call)
{
	const struct value *output = value_get(call->body, "output");

	call->github->annotations += (int)value_len(value_get(output, "annotations"));
	if (str_eq(call->method, STR("POST")))
		call->github->check_conclusion =
			arena_str(&call->github->arena, value_get_string(call->body, "conclusion"));
	call->github->check_runs += str_eq(call->method, STR("POST"));
	answer_text(
		call->answer, 201,
		"{\"id\":5,\"external_id\":\"run-1\",\"html_url\":\"https://example.invalid/k\"}");
}

static void list_reactions(const struct call *call)
{
	for (size_t i = 0; i < call->github->lines.len; i++) {
		const struct fake_comment *comment = &call->github->lines.items[i];
		struct str path = arena_printf(call->arena, PREFIX "/pulls/comments/%lld/reactions",
					       (long long)comment->id);

		if (!str_eq(call->path, path))
			continue;
		buf_addf(&call->answer->body,
			 "[{\"id\":1,\"content\":\"-1\",\"user\":{\"login\":\"%.*s\"}}]",
			 STR_ARG(comment->down_voter));
	}
}

static void answer_call(const struct call *call)
{
	struct fake_github *github = call->github;
	int64_t id;

	if (is(call, "GET", PREFIX "/pulls/1")) {
		buf_addf(
			&call->answer->body,
			"{\"number\":1,\"state\":\"open\",\"changed_files\":3,\"base\":{\"ref\":\"main\",\"sha\":\"b\",\"repo\":{\"full_name\":\"o/r\"}},\"head\":{\"ref\":\"t\",\"sha\":\"%.*s\",\"repo\":{\"full_name\":\"o/r\"}}}",
			STR_ARG(github->head));
	} else if (is(call, "GET", PREFIX "/pulls/1/files")) {
		buf_add(&call->answer->body, github->files);
	} else if (is(call, "GET", PREFIX "/issues/1/comments")) {
		list_comments(call, false, 0);
	} else if (is(call, "POST", PREFIX "/issues/1/comments")) {
		make_issue_comment(call);
	} else if (numbered(call, "PATCH", PREFIX "/issues/comments/", &id) ||
		   numbered(call, "DELETE", PREFIX "/issues/comments/", &id)) {
		change_comment(call, false, id);
	} else if (is(call, "GET", PREFIX "/pulls/1/comments")) {
		list_comments(call, true, 0);
	} else if (numbered(call, "PATCH", PREFIX "/pulls/comments/", &id)) {
		change_comment(call, true, id);
	} else if (is(call, "GET", PREFIX "/collaborators/ann/permission")) {
		answer_text(call->answer, 200, "{\"permission\":\"write\"}");
	} else if (is(call, "GET", PREFIX "/collaborators/mallory/permission")) {
		answer_text(call->answer, 200, "{\"permission\":\"read\"}");
	} else if (str_ends(call->path, STR("/reactions"))) {
		list_reactions(call);
	} else if (is(call, "GET", PREFIX "/pulls/1/reviews")) {
		list_reviews(call);
	} else if (is(call, "POST", PREFIX "/pulls/1/reviews")) {
		make_review(call);
	} else if (numbered(call, "DELETE", PREFIX "/pulls/1/reviews/", &id)) {
		delete_review(call, id);
	} else if (str_ends(call->path, STR("/comments")) &&
		   str_starts(call->path, STR(PREFIX "/pulls/1/reviews/")) &&
		   str_to_int64(str_slice(str_skip(call->path, STR(PREFIX "/pulls/1/reviews/").len),
					  0,
					  call->path.len - STR(PREFIX "/pulls/1/reviews/").len -
						  STR("/comments").len),
				&id)) {
		list_comments(call, true, id);
	} else if (is(call, "POST", "/graphql")) {
		graphql(call);
	} else if (is(call, "POST", PREFIX "/check-runs") ||
		   is(call, "PATCH", PREFIX "/check-runs/5")) {
		checks(call);
	} else if (is(call, "POST", PREFIX "/code-scanning/sarifs")) {
		github->uploads++;
		answer_text(call->answer, 202, "{\"id\":\"s1\"}");
	} else if (is(call, "GET", PREFIX "/code-scanning/sarifs/s1")) {
		answer_text(call->answer, 200, "{\"processing_status\":\"complete\"}");
	} else {
		printf("# the fake knows no %.*s %.*s\n", STR_ARG(call->method),
		       STR_ARG(call->path));
		answer_text(call->answer, 404, "{\"message\":\"Not Found\"}");
	}
}

static bool answer_route(const struct call *call)
{
	const struct fake_route *route = call->github->routes;

	for (; route && route->path; route++) {
		if (!is(call, route->method, route->path))
			continue;
		answer_text(call->answer, route->status, route->body);
		return true;
	}
	return false;
}

/* True when the request is not to be carried out. */
static bool fail_before(enum fake_fault fault, struct fake_answer *answer)
{
	switch (fault) {
	case FAULT_CUT_BEFORE:
		answer->cut = true;
		return true;
	case FAULT_500:
		answer_text(answer, 500, "{\"message\":\"oops\"}");
		return true;
	case FAULT_RATE_LIMIT:
		answer_text(answer, 403,
			    "{\"message\":\"You have exceeded a secondary rate limit\"}");
		return true;
	case FAULT_422:
		answer_text(answer, 422, "{\"message\":\"Validation Failed\"}");
		return true;
	case FAULT_403:
		answer_text(answer, 403,
			    "{\"message\":\"Resource not accessible by integration\"}");
		return true;
	case FAULT_NONE:
	case FAULT_CUT_AFTER:
	case FAULT_502_AFTER:
	case FAULT_COUNT:
		break;
	}
	return false;
}

static void handle(void *ctx, const struct fake_request *request, struct fake_answer *answer)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct fake_github *github = ctx;
	struct error err = {0};
	enum fake_fault fault = FAULT_NONE;
	struct str path = request->target;
	struct str query = STR_EMPTY;
	struct call call = {
		.github = github,
		.arena = &arena,
		.method = request->method,
		.answer = answer,
	};

	str_cut(request->target, STR("?"), &path, &query);
	call.path = path;
	call.body = request->body.len ? json_read(&arena, request->body, 0, &err) : NULL;
	usleep(github->delay_ms * 1000);
	github->wrong_requests += !openapi_allows(request);
	if (++github->requests == github->fault_at)
		fault = github->fault;
	if (fail_before(fault, answer))
		return;
	if (!str_eq(request->method, STR("GET")) && !str_eq(path, STR("/graphql")))
		github->writes++;
	if (!answer_route(&call))
		answer_call(&call);
	if (fault == FAULT_CUT_AFTER)
		answer->cut = true;
	if (fault == FAULT_502_AFTER)
		answer_text(answer, 502, "<html>bad gateway</html>");
}

void fake_github_start(struct fake_github *github)
{
	if (!github->login.len)
		github->login = STR("github-actions[bot]");
	if (!github->head.len)
		github->head = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	github->next_id = 100;
	github->server = fake_server_start(handle, github);
}

void fake_github_stop(struct fake_github *github)
{
	fake_server_stop(github->server);
	VEC_RELEASE(&github->issue);
	VEC_RELEASE(&github->lines);
	VEC_RELEASE(&github->reviews);
	arena_release(&github->arena);
}

int fake_count_issue(const struct fake_github *github, const char *containing)
{
	int count = 0;

	for (size_t i = 0; i < github->issue.len; i++)
		count += !github->issue.items[i].deleted &&
			 str_contains(github->issue.items[i].body, str_from(containing));
	return count;
}

int fake_count_lines(const struct fake_github *github, const char *containing)
{
	int count = 0;

	for (size_t i = 0; i < github->lines.len; i++)
		count += !github->lines.items[i].deleted &&
			 str_contains(github->lines.items[i].body, str_from(containing));
	return count;
}

struct fake_comment *fake_find(struct fake_github *github, bool on_lines, const char *containing)
{
	size_t len = on_lines ? github->lines.len : github->issue.len;

	for (size_t i = 0; i < len; i++) {
		struct fake_comment *comment =
			on_lines ? &github->lines.items[i] : &github->issue.items[i];

		if (!comment->deleted && str_contains(comment->body, str_from(containing)))
			return comment;
	}
	return NULL;
}
