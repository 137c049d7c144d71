/* Threads of comments on lines, which only GraphQL has: reads and resolves them. */
#include "github/comments.h"

#include "github/wire.h"
#include "value/put.h"

enum { THREAD_PAGES_MAX = 100 };

static const char threads_query[] =
	"query ReviewThreads($owner: String!, $name: String!, $number: Int!, $cursor: String) { viewer { login } repository(owner: $owner, name: $name) { pullRequest(number: $number) { reviewThreads(first: 100, after: $cursor) { pageInfo { hasNextPage endCursor } nodes { id isResolved isOutdated viewerCanResolve resolvedBy { login } comments(first: 1) { nodes { id fullDatabaseId } } } } } } }";

static const char resolve_query[] =
	"mutation Resolve($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { id isResolved } } }";

struct wire_thread {
	struct str id;
	bool resolved, outdated, can_resolve;
	struct value *comments, *resolved_by;
};

static const struct field thread_rows[] = {
	{.name = "id",
	 .type = FIELD_STRING,
	 .offset = offsetof(struct wire_thread, id),
	 .required = true},
	{.name = "isResolved",
	 .type = FIELD_BOOL,
	 .offset = offsetof(struct wire_thread, resolved)},
	{.name = "isOutdated",
	 .type = FIELD_BOOL,
	 .offset = offsetof(struct wire_thread, outdated)},
	{.name = "viewerCanResolve",
	 .type = FIELD_BOOL,
	 .offset = offsetof(struct wire_thread, can_resolve)},
	{.name = "comments", .type = FIELD_VALUE, .offset = offsetof(struct wire_thread, comments)},
	{.name = "resolvedBy",
	 .type = FIELD_VALUE,
	 .offset = offsetof(struct wire_thread, resolved_by)},
};

static const struct fields thread_fields = {
	.title = "a thread",
	.items = thread_rows,
	.len = ARRAY_LEN(thread_rows),
	.size = sizeof(struct wire_thread),
	.open = true,
};

/* fullDatabaseId is a BigInt, which comes as a string; node ids serve where it is missing. */
static struct review_comment *find_first(const struct review_comments *comments,
					 const struct wire_thread *thread)
{
	const struct value *node = value_at(value_get(thread->comments, "nodes"), 0);
	struct str node_id = value_get_string(node, "id");
	int64_t id = value_get_int(node, "fullDatabaseId", 0);

	if (!id && !str_to_int64(value_get_string(node, "fullDatabaseId"), &id))
		id = 0;
	for (size_t i = 0; i < comments->len; i++) {
		struct review_comment *comment = &comments->items[i];

		if ((id && comment->id == id) || (node_id.len && str_eq(comment->node_id, node_id)))
			return comment;
	}
	return NULL;
}

/* Replies belong to the thread of the comment that they answer. */
static void mark_thread(const struct review_comments *comments, const struct wire_thread *thread)
{
	const struct review_comment *first = find_first(comments, thread);

	if (!first)
		return;
	for (size_t i = 0; i < comments->len; i++) {
		struct review_comment *comment = &comments->items[i];

		if (comment->id != first->id && comment->in_reply_to != first->id)
			continue;
		comment->thread_id = thread->id;
		comment->resolved = thread->resolved;
		comment->resolved_by = value_get_string(thread->resolved_by, "login");
		comment->outdated = thread->outdated;
		comment->can_resolve = thread->can_resolve;
	}
}

static struct value *threads_variables(struct github *github, int64_t number, struct str cursor,
				       struct arena *arena)
{
	struct value *variables = value_object(arena);
	struct str owner = STR_EMPTY;
	struct str name = STR_EMPTY;

	(void)str_cut(github_repository(github), STR("/"), &owner, &name);
	put_text(arena, variables, "owner", owner);
	put_text(arena, variables, "name", name);
	put_int(arena, variables, "number", number);
	value_set(arena, variables, "cursor",
		  cursor.len ? value_string(arena, cursor) : value_null(arena));
	return variables;
}

bool review_threads_read(struct github *github, int64_t number, struct arena *arena,
			 struct review_comments *comments, struct str *viewer, struct error *err)
{
	struct str cursor = STR_EMPTY;
	struct value *data = NULL;

	for (int page = 0; page < THREAD_PAGES_MAX; page++) {
		const struct value *list;
		const struct value *nodes;

		if (!github_graphql(github, threads_query,
				    threads_variables(github, number, cursor, arena), arena, &data,
				    err))
			return error_wrap(err, "read the review threads");
		list = value_at_pointer(data, STR("/repository/pullRequest/reviewThreads"));
		nodes = value_get(list, "nodes");
		for (size_t i = 0; i < value_len(nodes); i++) {
			struct wire_thread thread = {0};

			if (!fields_decode_json(arena, &thread_fields, value_at(nodes, i),
						"review threads", &thread, err))
				return false;
			mark_thread(comments, &thread);
		}
		cursor = value_get_string(value_get(list, "pageInfo"), "endCursor");
		if (!value_get_bool(value_get(list, "pageInfo"), "hasNextPage", false) ||
		    !cursor.len) {
			*viewer = value_get_string(value_get(data, "viewer"), "login");
			return true;
		}
	}
	return error_set(err, ERROR_LIMIT, "more than %d pages of review threads",
			 THREAD_PAGES_MAX);
}

bool review_thread_resolve(struct github *github, struct str thread_id, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *variables = value_object(&arena);
	struct value *data = NULL;

	put_text(&arena, variables, "id", thread_id);
	return github_graphql(github, resolve_query, variables, &arena, &data, err);
}
