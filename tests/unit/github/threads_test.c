/* Review threads: what GraphQL answers, page by page, and what it refuses. */
#include "fixture.h"
#include "github/comments.h"
#include "unit.h"

static void threads_forbidden(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct review_comments comments = {0};
	struct str viewer = STR_EMPTY;
	struct error err = {0};

	ck_assert(!review_threads_read(fixture->github, 5, &arena, &comments, &viewer, &err));
	ck_assert_int_eq(err.kind, ERROR_DENIED);
}

TEST(reads_errors_of_graphql)
{
	static const struct step steps[] = {
		{"POST /graphql\n", 200, NULL,
		 "{\"data\":null,\"errors\":[{\"type\":\"FORBIDDEN\",\"message\":\"Resource not accessible by integration\"}]}"},
	};

	RUN(fixture, steps, threads_forbidden);
	ck_assert_uint_eq(fixture.seen, 1);
}

static void threads_paged(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct review_comment items[] = {
		{.id = 11, .node_id = STR("n11")},
		{.id = 12, .in_reply_to = 11},
		{.id = 13, .node_id = STR("n13")},
	};
	struct review_comments comments = {.items = items, .len = ARRAY_LEN(items)};
	struct str viewer = STR_EMPTY;
	struct error err = {0};

	ck_assert_msg(review_threads_read(fixture->github, 5, &arena, &comments, &viewer, &err),
		      "%s", err.message);
	ck_assert_str_is(viewer, STR("github-actions[bot]"));
	ck_assert_str_is(items[0].thread_id, STR("T1"));
	ck_assert_str_is(items[1].thread_id, STR("T1"));
	ck_assert(items[0].resolved);
	ck_assert_str_is(items[2].thread_id, STR("T2"));
	ck_assert(items[2].can_resolve);
	ck_assert(!items[2].resolved);
}

TEST(reads_threads_page_by_page)
{
	static const struct step steps[] = {
		{"POST /graphql\n", 200, NULL,
		 "{\"data\":{\"viewer\":{\"login\":\"github-actions[bot]\"},\"repository\":{\"pullRequest\":{\"reviewThreads\":{\"pageInfo\":{\"hasNextPage\":true,\"endCursor\":\"c1\"},\"nodes\":[{\"id\":\"T1\",\"isResolved\":true,\"isOutdated\":false,\"viewerCanResolve\":false,\"comments\":{\"nodes\":[{\"id\":\"n11\",\"fullDatabaseId\":\"11\"}]}}]}}}}}"},
		{"POST /graphql\n", 200, NULL,
		 "{\"data\":{\"viewer\":{\"login\":\"github-actions[bot]\"},\"repository\":{\"pullRequest\":{\"reviewThreads\":{\"pageInfo\":{\"hasNextPage\":false,\"endCursor\":null},\"nodes\":[{\"id\":\"T2\",\"isResolved\":false,\"isOutdated\":false,\"viewerCanResolve\":true,\"comments\":{\"nodes\":[{\"id\":\"n13\"}]}}]}}}}}"},
	};

	RUN(fixture, steps, threads_paged);
	ck_assert(fixture_saw(&fixture, 0, "\"cursor\":null"));
	ck_assert(fixture_saw(&fixture, 1, "\"cursor\":\"c1\""));
}
