/* The few GraphQL operations that a reviewer needs: threads, resolving, hiding. */
#include "hub_select.h"
#include "hub_state.h"
#include "value/json.h"
#include "value/put.h"

static struct value *wrap(struct arena *arena, const char *name, struct value *value)
{
	struct value *object = value_object(arena);

	value_set(arena, object, name, value);
	return object;
}

static struct value *node_id(struct arena *arena, char letter, int64_t id)
{
	return value_string(arena, arena_printf(arena, "%c%lld", letter, (long long)id));
}

static struct value *line_or_null(struct arena *arena, int64_t line)
{
	return line ? value_int(arena, line) : value_null(arena);
}

/* An actor; GraphQL leaves "[bot]" out of its login. */
static struct value *actor(struct arena *arena, struct str login)
{
	struct value *object = value_object(arena);
	bool bot = str_ends(login, STR("[bot]"));

	if (bot)
		login.len -= STR("[bot]").len;
	put_word(arena, object, "__typename", bot ? "Bot" : "User");
	put_text(arena, object, "login", login);
	return object;
}

static struct value *comment_node(struct hub *hub, struct arena *arena,
				  const struct hub_comment *comment)
{
	struct value *node = value_object(arena);

	value_set(arena, node, "id", node_id(arena, 'N', comment->id));
	put_int(arena, node, "databaseId", comment->id);
	put_text(arena, node, "fullDatabaseId",
		 arena_printf(arena, "%lld", (long long)comment->id));
	put_bool(arena, node, "isMinimized", comment->minimized);
	value_set(arena, node, "minimizedReason",
		  comment->minimized ? value_text(arena, "outdated") : value_null(arena));
	put_bool(arena, node, "viewerDidAuthor", str_eq(comment->author, hub->login));
	put_text(arena, node, "body", comment->body);
	value_set(arena, node, "author", actor(arena, comment->author));
	return node;
}

static struct value *thread_value(struct hub *hub, struct arena *arena,
				  const struct hub_comment *first)
{
	struct value *thread = value_object(arena);
	struct value *nodes = value_array(arena);
	int64_t line = hub_line_now(hub, first, first->line);

	for (size_t i = 0; i < hub->lines.len; i++) {
		const struct hub_comment *comment = &hub->lines.items[i];

		if (!comment->deleted && (comment == first || comment->reply_to == first->id))
			value_append(arena, nodes, comment_node(hub, arena, comment));
	}
	value_set(arena, thread, "id", node_id(arena, 'T', first->id));
	put_bool(arena, thread, "isResolved", first->resolved);
	put_bool(arena, thread, "isCollapsed", first->resolved);
	/* GitHub's type is User: an App that resolved a thread is not named. */
	value_set(arena, thread, "resolvedBy",
		  first->resolved && first->resolved_by.len ? actor(arena, first->resolved_by)
							    : value_null(arena));
	put_bool(arena, thread, "isOutdated", !line);
	put_bool(arena, thread, "viewerCanResolve", hub->can_resolve && !first->resolved);
	put_bool(arena, thread, "viewerCanUnresolve", hub->can_resolve && first->resolved);
	put_text(arena, thread, "path", first->path);
	value_set(arena, thread, "line", line_or_null(arena, line));
	put_int(arena, thread, "originalLine", first->line);
	value_set(arena, thread, "startLine",
		  line_or_null(arena, first->start_line && line
					      ? hub_line_now(hub, first, first->start_line)
					      : 0));
	put_word(arena, thread, "diffSide", first->left ? "LEFT" : "RIGHT");
	put_word(arena, thread, "subjectType", "LINE");
	value_set(arena, thread, "comments", wrap(arena, "nodes", nodes));
	return thread;
}

/* All that a query can ask for. */
static struct value *query_root(struct hub *hub, struct arena *arena)
{
	struct value *threads = value_array(arena);
	struct value *pull = value_object(arena);
	struct value *root;

	for (size_t i = 0; i < hub->lines.len; i++) {
		const struct hub_comment *comment = &hub->lines.items[i];

		if (!comment->deleted && !comment->reply_to &&
		    !hub_is_pending(hub, comment->review))
			value_append(arena, threads, thread_value(hub, arena, comment));
	}
	value_set(arena, pull, "id", node_id(arena, 'P', hub->number));
	put_int(arena, pull, "number", hub->number);
	put_text(arena, pull, "headRefOid", hub->head_commit);
	value_set(arena, pull, "reviewThreads", wrap(arena, "nodes", threads));
	root = wrap(arena, "repository", wrap(arena, "pullRequest", pull));
	value_set(arena, root, "viewer", wrap(arena, "login", value_string(arena, hub->login)));
	return root;
}

static void refuse(struct hub_call *call, const char *type, const char *message)
{
	struct value *error = value_object(call->arena);
	struct value *errors = value_array(call->arena);

	put_word(call->arena, error, "type", type);
	put_word(call->arena, error, "message", message);
	value_append(call->arena, errors, error);
	hub_json(call, 200, wrap(call->arena, "errors", errors));
}

static void answer(struct hub_call *call, struct hub_operation *operation, const struct value *root)
{
	struct value *data = hub_select(operation, root, call->arena);

	if (data)
		hub_json(call, 200, wrap(call->arena, "data", data));
	else
		refuse(call, "INVALID", operation->why);
}

static struct hub_comment *find_comment(struct hub *hub, struct str node, char letter)
{
	int64_t id;

	if (!node.len || node.ptr[0] != letter || !str_to_int64(str_skip(node, 1), &id))
		return NULL;
	for (size_t i = 0; i < hub->lines.len; i++) {
		if (hub->lines.items[i].id == id)
			return &hub->lines.items[i];
	}
	for (size_t i = 0; letter == 'N' && i < hub->conversation.len; i++) {
		if (hub->conversation.items[i].id == id)
			return &hub->conversation.items[i];
	}
	return NULL;
}

/* The mutations, each with the argument that names what it changes. */
static const struct {
	const char *name, *subject;
	bool hides, resolves;
} mutations[] = {
	{"resolveReviewThread", "threadId", false, true},
	{"unresolveReviewThread", "threadId", false, false},
	{"minimizeComment", "subjectId", true, false},
};

static void answer_mutation(struct hub_call *call, struct hub_operation *operation)
{
	struct arena *arena = call->arena;
	struct value *arguments = NULL;
	struct str name = hub_first_field(operation, arena, &arguments);
	struct hub_comment *comment;
	struct value *changed;
	size_t i = 0;

	while (i < ARRAY_LEN(mutations) && !str_eq(name, str_from(mutations[i].name)))
		i++;
	if (i == ARRAY_LEN(mutations) || operation->why) {
		refuse(call, "INVALID", operation->why ? operation->why : "no such mutation");
		return;
	}
	comment =
		find_comment(call->hub,
			     value_get_string(value_get(arguments, "input"), mutations[i].subject),
			     mutations[i].hides ? 'N' : 'T');
	if (!comment) {
		refuse(call, "NOT_FOUND", "Could not resolve to a node with the global id");
		return;
	}
	if (!mutations[i].hides && !call->hub->can_resolve) {
		refuse(call, "FORBIDDEN", "Resource not accessible by integration");
		return;
	}
	if (mutations[i].hides)
		comment->minimized = true;
	else
		comment->resolved = mutations[i].resolves;
	changed = mutations[i].hides
			  ? wrap(arena, "minimizedComment", comment_node(call->hub, arena, comment))
			  : wrap(arena, "thread", thread_value(call->hub, arena, comment));
	answer(call, operation, wrap(arena, mutations[i].name, changed));
}

void hub_graphql(struct hub *hub, const struct hub_request *request, struct hub_answer *reply)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct hub_call call = {.hub = hub, .request = request, .answer = reply, .arena = &arena};
	struct hub_operation operation = {0};
	struct error err;

	call.body = json_read(&arena, request->body, 0, &err);
	operation.query = str_trim(value_get_string(call.body, "query"));
	operation.variables = value_get(call.body, "variables");
	if (!hub_is_authorized(hub, request->authorization))
		hub_refuse(&call, 401, "Bad credentials", NULL);
	else if (!call.body || !operation.query.len)
		hub_refuse(&call, 400, "Problems parsing JSON", NULL);
	else if (hub_is_mutation(&operation))
		answer_mutation(&call, &operation);
	else
		answer(&call, &operation, query_root(hub, &arena));
}
