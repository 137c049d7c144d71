/* A GitHub on loopback, for tests: the emulator's own answers, with faults of single requests. */
#include "local_hub.h"

#include <git2.h>
#include <stdio.h>

#include "unit.h"

/* libgit2 reads the system's certificates when it starts: once for all tests, which are forked. */
__attribute__((constructor)) static void start_libgit2(void)
{
	git_libgit2_init();
}

static void refuse(struct answer *answer, int status, const char *message)
{
	answer_text(answer, status, STR("application/json"), str_from(message));
}

/* True when the request is not to be carried out. */
static bool fail_before(enum local_fault fault, struct answer *answer)
{
	switch (fault) {
	case FAULT_CUT_BEFORE:
		answer->fault = ANSWER_CLOSE;
		return true;
	case FAULT_500:
		refuse(answer, 500, "{\"message\":\"oops\"}");
		return true;
	case FAULT_RATE_LIMIT:
		refuse(answer, 403, "{\"message\":\"You have exceeded a secondary rate limit\"}");
		return true;
	case FAULT_422:
		refuse(answer, 422, "{\"message\":\"Validation Failed\"}");
		return true;
	case FAULT_403:
		refuse(answer, 403, "{\"message\":\"Resource not accessible by integration\"}");
		return true;
	case FAULT_NONE:
	case FAULT_CUT_AFTER:
	case FAULT_502_AFTER:
	case FAULT_COUNT:
		break;
	}
	return false;
}

static bool answer_route(const struct local_hub *local, const struct request *request,
			 struct answer *answer)
{
	for (const struct local_route *route = local->routes; route && route->path; route++) {
		if (!str_eq(request->method, str_from(route->method)) ||
		    !str_eq(request->path, str_from(route->path)))
			continue;
		refuse(answer, route->status, route->body);
		return true;
	}
	return false;
}

static void carry_out(struct local_hub *local, struct request *request, struct answer *answer)
{
	bool graphql = str_eq(request->path, STR("/graphql"));
	struct hub_answer reply = {0};
	struct hub_request call = {
		.method = request->method,
		.path = request->path,
		.query = request->query,
		.body = buf_str(&request->body),
		.authorization = headers_get(&request->headers, STR("authorization")),
		.base_url = local->url,
		.wall_ms = request->at_ms,
	};

	if (graphql && local->no_graphql) {
		refuse(answer, 200,
		       "{\"errors\":[{\"type\":\"FORBIDDEN\",\"message\":\"Resource not accessible by integration\"}]}");
		return;
	}
	buf_init(&reply.body, BUF_SIZE_MAX);
	buf_init(&reply.link, BUF_SIZE_MAX);
	if (graphql)
		hub_graphql(local->hub, &call, &reply);
	else
		hub_rest(local->hub, &call, &reply);
	if (reply.status == 404)
		fprintf(stderr, "not found: %.*s %.*s\n", STR_ARG(request->method),
			STR_ARG(request->target));
	answer_text(answer, reply.status, STR("application/json"),
		    arena_str(&request->arena, buf_str(&reply.body)));
	if (reply.link.len)
		answer_header(answer, STR("link"),
			      arena_str(&request->arena, buf_str(&reply.link)));
	buf_release(&reply.body);
	buf_release(&reply.link);
}

/* A request that may change something: a POST to GraphQL only when it is a mutation. */
static bool is_write(const struct request *request)
{
	if (str_eq(request->path, STR("/graphql")))
		return str_contains(buf_str(&request->body), STR("\"mutation"));
	return !str_eq(request->method, STR("GET"));
}

static void on_request(void *ctx, struct request *request, struct answer *answer)
{
	struct local_hub *local = ctx;
	enum local_fault fault = ++local->requests == local->fault_at ? local->fault : FAULT_NONE;

	answer->delay_ms = local->delay_ms;
	if (fail_before(fault, answer))
		return;
	local->writes += is_write(request);
	if (!answer_route(local, request, answer))
		carry_out(local, request, answer);
	if (fault == FAULT_CUT_AFTER)
		answer->fault = ANSWER_CLOSE;
	if (fault == FAULT_502_AFTER)
		refuse(answer, 502, "<html>bad gateway</html>");
}

static void on_done(void *ctx, const struct request *request, const struct answer *answer)
{
	(void)ctx;
	(void)request;
	(void)answer;
}

static struct value *files_value(struct arena *arena, const char *const *files)
{
	struct value *object = value_object(arena);

	for (; files && files[0]; files += 2)
		value_set(arena, object, files[0], value_text(arena, files[1]));
	return object;
}

void local_hub_start(struct local_hub *local)
{
	static const struct {
		const char *login, *permission;
	} people[] = {{"ann", "write"}, {"bob", "write"}, {"mallory", "read"}};
	const struct server_hooks hooks = {on_request, on_done, local};
	struct arena *arena = &local->arena;
	struct value *scenario = value_object(arena);
	struct value *permissions = value_object(arena);
	struct error err = {0};

	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		value_set(arena, permissions, people[i].login,
			  value_text(arena, people[i].permission));
	value_set(arena, scenario, "repository", value_text(arena, "o/r"));
	value_set(arena, scenario, "number", value_int(arena, 1));
	value_set(arena, scenario, "token", value_text(arena, LOCAL_TOKEN));
	value_set(arena, scenario, "permissions", permissions);
	value_set(arena, scenario, "base", value_object(arena));
	value_set(arena, scenario, "head", files_value(arena, local->files));
	local->hub = hub_new(scenario, "", &err);
	ck_assert_msg(local->hub != NULL, "%s", err.message);
	local->server = server_new(&hooks, NULL, NULL, &err);
	ck_assert_msg(local->server != NULL, "%s", err.message);
	local->url =
		arena_printf(arena, "http://127.0.0.1:%u", (unsigned)server_port(local->server));
}

void local_hub_stop(struct local_hub *local)
{
	server_free(local->server);
	hub_free(local->hub);
	arena_release(&local->arena);
}

void local_hub_settle(struct local_hub *local)
{
	server_lock(local->server);
	server_unlock(local->server);
}

void local_hub_push(struct local_hub *local, const char *const *files)
{
	struct error err = {0};

	ck_assert_msg(hub_push_given(local->hub, files_value(&local->arena, files), &err), "%s",
		      err.message);
}

void local_hub_refuse(struct local_hub *local, const char *path)
{
	struct arena *arena = &local->hub->arena;

	if (!local->hub->refuse_paths)
		local->hub->refuse_paths = value_array(arena);
	value_append(arena, local->hub->refuse_paths, value_text(arena, path));
}

struct hub_comment *local_hub_comment(struct local_hub *local, const char *author, const char *body,
				      const char *path, int64_t line)
{
	struct hub *hub = local->hub;
	struct hub_comment comment = {
		.id = ++hub->next_id,
		.author = str_from(author),
		.body = str_from(body),
		.path = path ? str_from(path) : STR_EMPTY,
		.commit = hub->head_commit,
		.line = line,
	};

	if (!path) {
		VEC_PUSH(&hub->conversation, comment);
		return &hub->conversation.items[hub->conversation.len - 1];
	}
	VEC_PUSH(&hub->lines, comment);
	return &hub->lines.items[hub->lines.len - 1];
}

int local_count_conversation(const struct local_hub *local, const char *containing)
{
	const struct hub *hub = local->hub;
	int count = 0;

	for (size_t i = 0; i < hub->conversation.len; i++)
		count += !hub->conversation.items[i].deleted &&
			 str_contains(hub->conversation.items[i].body, str_from(containing));
	return count;
}

static bool is_shown(const struct hub *hub, const struct hub_comment *comment,
		     const char *containing)
{
	return !comment->deleted && !hub_is_pending(hub, comment->review) &&
	       str_contains(comment->body, str_from(containing));
}

int local_count_lines(const struct local_hub *local, const char *containing)
{
	const struct hub *hub = local->hub;
	int count = 0;

	for (size_t i = 0; i < hub->lines.len; i++)
		count += is_shown(hub, &hub->lines.items[i], containing);
	return count;
}

struct hub_comment *local_find_line(struct local_hub *local, const char *containing)
{
	struct hub *hub = local->hub;

	for (size_t i = 0; i < hub->lines.len; i++) {
		if (is_shown(hub, &hub->lines.items[i], containing))
			return &hub->lines.items[i];
	}
	ck_abort_msg("no comment on a line contains \"%s\"", containing);
	return NULL;
}

int local_count_reviews(const struct local_hub *local)
{
	const struct hub *hub = local->hub;
	int count = 0;

	for (size_t i = 0; i < hub->reviews.len; i++)
		count += !hub->reviews.items[i].pending && !hub->reviews.items[i].deleted;
	return count;
}

size_t local_count_annotations(const struct local_hub *local)
{
	const struct hub *hub = local->hub;
	size_t count = 0;

	for (size_t i = 0; i < hub->checks.len; i++)
		count += value_len(hub->checks.items[i].annotations);
	return count;
}
