/* The GitHub emulator's life, its answers, and which request goes where. */
#include "hub_state.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"
#include "value/json.h"
#include "value/put.h"

enum { PATH_SIZE = 4096, FIRST_ID = 1000 };

/* ---- Answers ---- */

void hub_json(struct hub_call *call, int status, const struct value *value)
{
	call->answer->status = status;
	buf_reset(&call->answer->body);
	if (value)
		json_write(&call->answer->body, value, JSON_COMPACT);
}

void hub_refuse(struct hub_call *call, int status, const char *message, const char *detail)
{
	struct value *object = value_object(call->arena);
	struct value *errors = value_array(call->arena);

	put_word(call->arena, object, "message", message);
	if (detail) {
		value_append(call->arena, errors, value_text(call->arena, detail));
		value_set(call->arena, object, "errors", errors);
	}
	put_word(call->arena, object, "documentation_url", "https://docs.github.com/rest");
	hub_json(call, status, object);
}

struct str hub_query(const struct hub_call *call, const char *name)
{
	struct str rest = call->request->query;
	struct str pair;

	while (rest.len && str_next_part(&rest, '&', &pair)) {
		struct str key;
		struct str value;

		if (str_cut(pair, STR("="), &key, &value) && str_eq(key, str_from(name)))
			return value;
	}
	return STR_EMPTY;
}

int64_t hub_query_int(const struct hub_call *call, const char *name, int64_t fallback)
{
	int64_t number;

	return str_to_int64(hub_query(call, name), &number) && number > 0 ? number : fallback;
}

void hub_page(struct hub_call *call, const struct value *list)
{
	int64_t size = MIN_OF(hub_query_int(call, "per_page", 30), call->hub->page_size_max);
	int64_t page = hub_query_int(call, "page", 1);
	int64_t len = (int64_t)value_len(list);
	int64_t next = page + 1;
	struct value *part = value_array(call->arena);

	for (int64_t i = (page - 1) * size; i < len && i < page * size; i++)
		value_append(call->arena, part, value_at(list, (size_t)i));
	if (page * size < len)
		buf_addf(&call->answer->link, "<%.*s%.*s?per_page=%lld&page=%lld>; rel=\"next\"",
			 STR_ARG(call->request->base_url), STR_ARG(call->request->path),
			 (long long)size, (long long)next);
	hub_json(call, 200, part);
}

struct value *hub_user(struct arena *arena, struct str login)
{
	struct value *object = value_object(arena);
	bool bot = str_ends(login, STR("[bot]"));

	put_text(arena, object, "login", login);
	put_int(arena, object, "id", bot ? 41898282 : 1);
	put_word(arena, object, "type", bot ? "Bot" : "User");
	hub_complete(arena, object, HUB_USER);
	return object;
}

struct str hub_url(struct hub_call *call, const char *fmt, ...)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str base = call->request->base_url;
	va_list args;

	if (str_ends(base, STR("/api/v3")))
		base.len -= STR("/api/v3").len;
	buf_addf(&text, "%.*s/%.*s", STR_ARG(base), STR_ARG(call->hub->repository));
	va_start(args, fmt);
	buf_vaddf(&text, fmt, args);
	va_end(args);
	return arena_str(call->arena, buf_str(&text));
}

/* ---- Which request goes where; '*' matches any one part ---- */

static const struct {
	const char *method;
	const char *path; /* after /repos/OWNER/REPO */
	void (*answer)(struct hub_call *call);
} routes[] = {
	{"GET", "/pulls", hub_pulls},
	{"GET", "/pulls/*", hub_pull},
	{"PATCH", "/pulls/*", hub_pull_change},
	{"GET", "/pulls/*/files", hub_files},
	{"GET", "/pulls/*/reviews", hub_reviews},
	{"POST", "/pulls/*/reviews", hub_reviews},
	{"GET", "/pulls/*/reviews/*", hub_review},
	{"DELETE", "/pulls/*/reviews/*", hub_review},
	{"GET", "/pulls/*/reviews/*/comments", hub_review_comments},
	{"POST", "/pulls/*/reviews/*/events", hub_review_events},
	{"GET", "/pulls/*/comments", hub_line_comments},
	{"POST", "/pulls/*/comments/*/replies", hub_line_comments},
	{"GET", "/pulls/comments/*", hub_line_comment},
	{"PATCH", "/pulls/comments/*", hub_line_comment},
	{"DELETE", "/pulls/comments/*", hub_line_comment},
	{"GET", "/pulls/comments/*/reactions", hub_reactions},
	{"POST", "/pulls/comments/*/reactions", hub_reactions},
	{"GET", "/issues/comments", hub_conversations},
	{"GET", "/issues/*/comments", hub_conversation},
	{"POST", "/issues/*/comments", hub_conversation},
	{"GET", "/issues/comments/*", hub_conversation_comment},
	{"PATCH", "/issues/comments/*", hub_conversation_comment},
	{"DELETE", "/issues/comments/*", hub_conversation_comment},
	{"GET", "/issues/comments/*/reactions", hub_reactions},
	{"POST", "/issues/comments/*/reactions", hub_reactions},
	{"GET", "/commits/*", hub_commit},
	{"GET", "/commits/*/pulls", hub_commit_pulls},
	{"GET", "/commits/*/check-runs", hub_commit_checks},
	{"GET", "/compare/*", hub_compare},
	{"GET", "/contents/*", hub_contents},
	{"GET", "/git/trees/*", hub_tree},
	{"GET", "/git/blobs/*", hub_blob},
	{"GET", "/collaborators/*/permission", hub_permission},
	{"POST", "/check-runs", hub_checks},
	{"PATCH", "/check-runs/*", hub_check},
	{"GET", "/check-runs/*", hub_check},
	{"POST", "/code-scanning/sarifs", hub_sarif},
	{"GET", "/code-scanning/sarifs/*", hub_sarif_status},
};

/* Compares a path with a route; the parts that match '*' go into call->parts, decoded. */
static bool matches(struct hub_call *call, const char *pattern, struct str path)
{
	struct str wanted = str_from(pattern);
	struct str want;
	struct str part;

	call->parts_len = 0;
	while (str_next_part(&wanted, '/', &want)) {
		if (!str_next_part(&path, '/', &part))
			return false;
		if (str_eq(want, STR("*"))) {
			SCOPED(buf) struct buf decoded = BUF_INIT;

			percent_decode(part, &decoded);
			if (!decoded.len || call->parts_len == ARRAY_LEN(call->parts))
				return false;
			call->parts[call->parts_len++] = arena_str(call->arena, buf_str(&decoded));
		} else if (!str_eq(want, part)) {
			return false;
		}
	}
	return !path.ptr;
}

static bool read_body(struct hub_call *call)
{
	struct error err;

	if (!call->request->body.len)
		return true;
	call->body = json_read(call->arena, call->request->body, 0, &err);
	if (!call->body)
		hub_refuse(call, 400, "Problems parsing JSON", err.message);
	return call->body != NULL;
}

bool hub_is_authorized(const struct hub *hub, struct str authorization)
{
	struct str scheme;
	struct str token;

	return str_cut(authorization, STR(" "), &scheme, &token) &&
	       (str_eq_nocase(scheme, STR("bearer")) || str_eq_nocase(scheme, STR("token"))) &&
	       str_eq(token, hub->token);
}

static void find_route(struct hub_call *call, struct str path)
{
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (str_eq(call->request->method, str_from(routes[i].method)) &&
		    matches(call, routes[i].path, path)) {
			routes[i].answer(call);
			return;
		}
	}
	hub_refuse(call, 404, "Not Found", NULL);
}

/* "/repos/OWNER/REPO/..." of another repository; NULL: the scenario has no such one. */
static const struct hub_other *find_other(const struct hub *hub, struct str path, struct str *rest)
{
	for (size_t i = 0; i < hub->others.len; i++) {
		const struct hub_other *other = &hub->others.items[i];

		if (str_starts(path, STR("/repos/")) &&
		    str_starts_nocase(str_skip(path, 7), other->repository) &&
		    str_starts(str_skip(path, 7 + other->repository.len), STR("/"))) {
			*rest = str_skip(path, 7 + other->repository.len);
			return other;
		}
	}
	return NULL;
}

/* Only files of other repositories can be read; for a token without access they are not found. */
static void answer_other(struct hub_call *call, const struct hub_other *other, struct str path)
{
	struct hub hub = *call->hub;
	struct hub_call of_other = *call;

	hub.repository = other->repository;
	hub.token = other->token.len ? other->token : hub.token;
	hub.base_ref = other->ref;
	hub.head_ref = STR_EMPTY;
	hub.base_commit = other->commit;
	of_other.hub = &hub;
	if (hub_is_authorized(&hub, call->request->authorization) &&
	    (str_starts(path, STR("/commits/")) || str_starts(path, STR("/git/"))))
		find_route(&of_other, path);
	else
		hub_refuse(&of_other, 404, "Not Found", NULL);
}

void hub_rest(struct hub *hub, const struct hub_request *request, struct hub_answer *answer)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct hub_call call = {.hub = hub, .request = request, .answer = answer, .arena = &arena};
	struct str prefix = arena_printf(&arena, "/repos/%.*s", STR_ARG(hub->repository));
	struct str rest;
	const struct hub_other *other = find_other(hub, request->path, &rest);

	if (other) {
		answer_other(&call, other, rest);
		return;
	}
	if (!hub_is_authorized(hub, request->authorization)) {
		hub_refuse(&call, 401, "Bad credentials", NULL);
		return;
	}
	if (!str_starts_nocase(request->path, prefix)) {
		hub_refuse(&call, 404, "Not Found", NULL);
		return;
	}
	if (read_body(&call))
		find_route(&call, str_skip(request->path, prefix.len));
}

/* ---- Life ---- */

static struct str text_of(struct hub *hub, const struct value *scenario, const char *name,
			  const char *fallback)
{
	struct str text = value_get_string(scenario, name);

	return arena_str(&hub->arena, text.len ? text : str_from(fallback));
}

/* `files` is the name of a folder below `folder`, or an object with a text for each path. */
static bool commit_files(struct hub *hub, const char *folder, const struct value *files,
			 struct str parent, struct str *commit, struct error *err)
{
	struct str name = value_as_string(files);
	char path[PATH_SIZE];

	if (value_is(files, VALUE_OBJECT))
		return hub_repo_commit_given(hub->repo, files, parent, &hub->arena, commit, err);
	if (!name.len)
		return error_set(err, ERROR_CONFIG,
				 "github: 'base' and 'head' must name folders or list files");
	snprintf(path, sizeof(path), "%s/%.*s", folder, STR_ARG(name));
	return hub_repo_commit(hub->repo, path, parent, &hub->arena, commit, err);
}

/* `others`: { "OWNER/REPO": { folder, ref, token } }. */
static bool add_others(struct hub *hub, const struct value *others, const char *folder,
		       struct error *err)
{
	size_t len = value_is(others, VALUE_OBJECT) ? others->object.len : 0;

	for (size_t i = 0; i < len; i++) {
		const struct value *given = others->object.members[i].value;
		struct hub_other other = {
			.repository = arena_str(&hub->arena, others->object.members[i].name),
			.ref = text_of(hub, given, "ref", "main"),
			.token = text_of(hub, given, "token", ""),
		};

		if (!commit_files(hub, folder, value_get(given, "folder"), STR_EMPTY, &other.commit,
				  err))
			return false;
		VEC_PUSH(&hub->others, other);
	}
	return true;
}

static void add_given_comments(struct hub *hub, const struct value *comments)
{
	for (size_t i = 0; i < value_len(comments); i++) {
		const struct value *comment = value_at(comments, i);

		VEC_PUSH(&hub->conversation,
			 (struct hub_comment){
				 .id = ++hub->next_id,
				 .author = text_of(hub, comment, "author", "alice"),
				 .body = text_of(hub, comment, "body", ""),
			 });
	}
}

static struct value *copy_of(struct hub *hub, const struct value *scenario, const char *name)
{
	const struct value *value = value_get(scenario, name);

	return value ? value_copy(&hub->arena, value) : NULL;
}

struct hub *hub_new(const struct value *scenario, const char *folder, struct error *err)
{
	struct hub *hub = NEW(struct hub);

	hub->next_id = FIRST_ID;
	hub->repository = text_of(hub, scenario, "repository", "acme/widgets");
	hub->token = text_of(hub, scenario, "token", "ghs_emulatortoken0000000000000000000000");
	hub->login = text_of(hub, scenario, "login", "github-actions[bot]");
	hub->title = text_of(hub, scenario, "title", "A change");
	hub->body = text_of(hub, scenario, "body", "");
	hub->author = text_of(hub, scenario, "author", "alice");
	hub->base_ref = text_of(hub, scenario, "base_ref", "main");
	hub->head_ref = text_of(hub, scenario, "head_ref", "topic");
	hub->fork = text_of(hub, scenario, "fork", "");
	hub->number = value_get_int(scenario, "number", 7);
	hub->date = text_of(hub, scenario, "date", "2026-01-01T00:00:00Z");
	hub->draft = value_get_bool(scenario, "draft", false);
	hub->merged = value_get_bool(scenario, "merged", false);
	hub->can_resolve = value_get_bool(scenario, "resolve", true);
	hub->page_size_max = value_get_int(scenario, "page_size_max", 100);
	hub->labels = copy_of(hub, scenario, "labels");
	hub->permissions = copy_of(hub, scenario, "permissions");
	hub->refuse_paths = copy_of(hub, scenario, "refuse_paths");
	hub->uploads = value_array(&hub->arena);
	add_given_comments(hub, value_get(scenario, "comments"));
	hub->repo = hub_repo_new(err);
	if (hub->repo &&
	    commit_files(hub, folder, value_get(scenario, "base"), STR_EMPTY, &hub->base_commit,
			 err) &&
	    commit_files(hub, folder, value_get(scenario, "head"), hub->base_commit,
			 &hub->head_commit, err) &&
	    add_others(hub, value_get(scenario, "others"), folder, err))
		return hub;
	hub_free(hub);
	return NULL;
}

void hub_free(struct hub *hub)
{
	if (!hub)
		return;
	for (size_t i = 0; i < hub->conversation.len; i++)
		VEC_RELEASE(&hub->conversation.items[i].reactions);
	for (size_t i = 0; i < hub->lines.len; i++)
		VEC_RELEASE(&hub->lines.items[i].reactions);
	for (size_t i = 0; i < hub->earlier.len; i++)
		VEC_RELEASE(&hub->earlier.items[i].reactions);
	VEC_RELEASE(&hub->conversation);
	VEC_RELEASE(&hub->earlier);
	VEC_RELEASE(&hub->lines);
	VEC_RELEASE(&hub->reviews);
	VEC_RELEASE(&hub->checks);
	VEC_RELEASE(&hub->others);
	hub_repo_free(hub->repo);
	arena_release(&hub->arena);
	free(hub);
}

bool hub_push(struct hub *hub, const char *folder, bool rebased, struct error *err)
{
	return hub_repo_commit(hub->repo, folder, rebased ? hub->base_commit : hub->head_commit,
			       &hub->arena, &hub->head_commit, err);
}

bool hub_push_given(struct hub *hub, const struct value *files, struct error *err)
{
	return hub_repo_commit_given(hub->repo, files, hub->head_commit, &hub->arena,
				     &hub->head_commit, err);
}

struct str hub_repository(const struct hub *hub)
{
	return hub->repository;
}

struct str hub_token(const struct hub *hub)
{
	return hub->token;
}

struct str hub_head(const struct hub *hub)
{
	return hub->head_commit;
}

/* ---- The state ---- */

struct value *hub_state(struct hub *hub, struct arena *arena)
{
	struct value *state = value_object(arena);
	struct value *conversation = value_array(arena);
	struct value *lines = value_array(arena);
	struct value *reviews = value_array(arena);
	struct value *checks = value_array(arena);

	for (size_t i = 0; i < hub->conversation.len; i++) {
		if (!hub->conversation.items[i].deleted)
			value_append(arena, conversation,
				     hub_comment_value(hub, arena, &hub->conversation.items[i]));
	}
	for (size_t i = 0; i < hub->lines.len; i++) {
		const struct hub_comment *line = &hub->lines.items[i];
		struct value *value;

		if (line->deleted)
			continue;
		value = hub_comment_value(hub, arena, line);
		put_bool(arena, value, "resolved", line->resolved);
		put_bool(arena, value, "pending", hub_is_pending(hub, line->review));
		value_append(arena, lines, value);
	}
	for (size_t i = 0; i < hub->reviews.len; i++) {
		const struct hub_review *review = &hub->reviews.items[i];
		struct value *value = value_object(arena);

		if (review->deleted)
			continue;
		put_int(arena, value, "id", review->id);
		put_text(arena, value, "author", review->author);
		put_text(arena, value, "body", review->body);
		put_bool(arena, value, "pending", review->pending);
		value_append(arena, reviews, value);
	}
	for (size_t i = 0; i < hub->checks.len; i++) {
		struct value *value = value_copy(arena, hub->checks.items[i].latest);

		value_set(arena, value, "annotations",
			  value_copy(arena, hub->checks.items[i].annotations));
		value_append(arena, checks, value);
	}
	put_text(arena, state, "repository", hub->repository);
	put_int(arena, state, "number", hub->number);
	put_text(arena, state, "head", hub->head_commit);
	put_text(arena, state, "base", hub->base_commit);
	value_set(arena, state, "conversation", conversation);
	value_set(arena, state, "line_comments", lines);
	value_set(arena, state, "reviews", reviews);
	value_set(arena, state, "check_runs", checks);
	value_set(arena, state, "sarif_uploads", value_copy(arena, hub->uploads));
	return state;
}

struct value *hub_event(struct hub *hub, struct arena *arena)
{
	struct value *event = value_object(arena);
	struct value *repository = value_object(arena);

	put_text(arena, repository, "full_name", hub->repository);
	put_text(arena, repository, "default_branch", hub->base_ref);
	put_word(arena, event, "action", "opened");
	put_int(arena, event, "number", hub->number);
	value_set(arena, event, "pull_request", hub_pull_value(hub, arena));
	value_set(arena, event, "repository", repository);
	value_set(arena, event, "sender", hub_user(arena, hub->author));
	return event;
}
