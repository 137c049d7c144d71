/* The few GraphQL operations that a reviewer needs: threads, resolving, hiding. */
#include "hub_state.h"
#include "value/json.h"

static struct value *wrap(struct arena *arena, const char *name, struct value *value)
{
	struct value *object = value_object(arena);

	value_set(arena, object, name, value);
	return object;
}

static struct value *page_info(struct arena *arena)
{
	struct value *page = value_object(arena);

	value_set(arena, page, "hasNextPage", value_bool(arena, false));
	value_set(arena, page, "endCursor", value_null(arena));
	return page;
}

static struct value *thread_value(struct hub *hub, struct arena *arena,
				  const struct hub_comment *comment)
{
	struct value *thread = value_object(arena);
	struct value *node = value_object(arena);
	struct value *nodes = value_array(arena);
	struct value *comments = value_object(arena);
	struct str id = arena_printf(arena, "%lld", (long long)comment->id);

	value_set(arena, node, "id",
		  value_string(arena, arena_printf(arena, "N%.*s", STR_ARG(id))));
	value_set(arena, node, "databaseId", value_int(arena, comment->id));
	value_set(arena, node, "fullDatabaseId", value_string(arena, id));
	value_set(arena, node, "isMinimized", value_bool(arena, comment->minimized));
	value_set(arena, node, "body", value_string(arena, comment->body));
	value_set(arena, node, "author", hub_user(arena, comment->author));
	value_append(arena, nodes, node);
	value_set(arena, comments, "nodes", nodes);
	value_set(arena, comments, "pageInfo", page_info(arena));
	value_set(arena, thread, "id",
		  value_string(arena, arena_printf(arena, "T%.*s", STR_ARG(id))));
	value_set(arena, thread, "isResolved", value_bool(arena, comment->resolved));
	value_set(arena, thread, "isOutdated", value_bool(arena, false));
	value_set(arena, thread, "viewerCanResolve", value_bool(arena, hub->can_resolve));
	value_set(arena, thread, "path", value_string(arena, comment->path));
	value_set(arena, thread, "line", value_int(arena, comment->line));
	value_set(arena, thread, "comments", comments);
	return thread;
}

static void answer_threads(struct hub_call *call)
{
	struct arena *arena = call->arena;
	struct value *nodes = value_array(arena);
	struct value *threads = value_object(arena);
	struct value *data;

	for (size_t i = 0; i < call->hub->lines.len; i++) {
		const struct hub_comment *comment = &call->hub->lines.items[i];

		if (!comment->deleted && !comment->reply_to &&
		    !hub_is_pending(call->hub, comment->review))
			value_append(arena, nodes, thread_value(call->hub, arena, comment));
	}
	value_set(arena, threads, "pageInfo", page_info(arena));
	value_set(arena, threads, "nodes", nodes);
	data = wrap(arena, "repository",
		    wrap(arena, "pullRequest", wrap(arena, "reviewThreads", threads)));
	value_set(arena, data, "viewer",
		  wrap(arena, "login", value_string(arena, call->hub->login)));
	hub_json(call, 200, wrap(arena, "data", data));
}

static void refuse(struct hub_call *call, const char *type, const char *message)
{
	struct value *error = value_object(call->arena);
	struct value *errors = value_array(call->arena);

	value_set(call->arena, error, "type", value_text(call->arena, type));
	value_set(call->arena, error, "message", value_text(call->arena, message));
	value_append(call->arena, errors, error);
	hub_json(call, 200, wrap(call->arena, "errors", errors));
}

/* The first string among the variables that begins with the letter and names one of our comments. */
static struct hub_comment *find_subject(struct hub_call *call, const struct value *value,
					char letter)
{
	struct str text = value_as_string(value);
	int64_t id;

	if (text.len && text.ptr[0] == letter && str_to_int64(str_skip(text, 1), &id)) {
		for (size_t i = 0; i < call->hub->lines.len; i++) {
			if (call->hub->lines.items[i].id == id)
				return &call->hub->lines.items[i];
		}
		for (size_t i = 0; i < call->hub->conversation.len; i++) {
			if (call->hub->conversation.items[i].id == id)
				return &call->hub->conversation.items[i];
		}
	}
	for (size_t i = 0; value_is(value, VALUE_OBJECT) && i < value_len(value); i++) {
		struct hub_comment *found =
			find_subject(call, value->object.members[i].value, letter);

		if (found)
			return found;
	}
	return NULL;
}

static void answer_mutation(struct hub_call *call, struct str query)
{
	const struct value *variables = value_get(call->body, "variables");
	bool minimize = str_contains(query, STR("minimizeComment"));
	struct hub_comment *comment = find_subject(call, variables, minimize ? 'N' : 'T');
	const char *name = minimize ? "minimizeComment" : "resolveReviewThread";

	if (!comment) {
		refuse(call, "NOT_FOUND", "Could not resolve to a node with the global id");
		return;
	}
	if (!minimize && !call->hub->can_resolve) {
		refuse(call, "FORBIDDEN", "Resource not accessible by integration");
		return;
	}
	if (minimize)
		comment->minimized = true;
	else
		comment->resolved = !str_contains(query, STR("unresolveReviewThread"));
	hub_json(call, 200,
		 wrap(call->arena, "data", wrap(call->arena, name, value_object(call->arena))));
}

void hub_graphql(struct hub *hub, const struct hub_request *request, struct hub_answer *answer)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct hub_call call = {.hub = hub, .request = request, .answer = answer, .arena = &arena};
	struct str query;
	struct error err;

	call.body = json_read(&arena, request->body, 0, &err);
	query = str_trim(value_get_string(call.body, "query"));
	if (!call.body || !query.len)
		hub_refuse(&call, 400, "Problems parsing JSON", NULL);
	else if (!str_contains(request->authorization, hub->token))
		hub_refuse(&call, 401, "Bad credentials", NULL);
	else if (str_starts(query, STR("mutation")))
		answer_mutation(&call, query);
	else if (str_contains(query, STR("reviewThreads")))
		answer_threads(&call);
	else
		refuse(&call, "UNSUPPORTED", "the emulator does not know this query");
}
