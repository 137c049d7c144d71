/* The client: what is sent, what is waited for, what is sent again. */
#include "fixture.h"
#include "github/comments.h"
#include "github/hosts.h"
#include "unit.h"

/* The time at which the virtual clock starts, 1795000000 s. */
#define START_DATE "date: Wed, 18 Nov 2026 11:06:40 GMT\r\n"

static bool get(struct fixture *fixture, struct arena *arena, struct github_answer *answer,
		struct error *err)
{
	const struct github_call call = {.method = "GET", .path = STR("/repos/o/r")};

	return github_send(fixture->github, &call, arena, answer, err);
}

static void get_once(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct github_answer answer = {0};
	struct error err = {0};

	ck_assert_msg(get(fixture, &arena, &answer, &err), "%s", err.message);
	ck_assert_str_is(value_get_string(answer.json, "name"), STR("r"));
}

TEST(sends_token_and_version)
{
	static const struct step steps[] = {{"GET /repos/o/r\n", 200, NULL, "{\"name\":\"r\"}"}};

	RUN(fixture, steps, get_once);
	ck_assert_uint_eq(fixture.seen, 1);
	ck_assert(fixture_saw(&fixture, 0, "Bearer " TEST_TOKEN));
	ck_assert(fixture_saw(&fixture, 0, "application/vnd.github+json"));
}

TEST(repeats_reads_after_faults)
{
	static const struct step steps[] = {
		{"GET /repos/o/r\n", 502, NULL, "<html>bad gateway</html>"},
		{"GET /repos/o/r\n", 0, NULL, NULL, true},
		{"GET /repos/o/r\n", 200, NULL, "{\"name\":\"r\"}"},
	};

	RUN(fixture, steps, get_once);
	ck_assert_uint_eq(fixture.seen, 3);
	ck_assert_int_ge(clock_ms(&fixture.clock), 5000);
}

static void get_failing(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct github_answer answer = {0};
	struct error err = {0};

	ck_assert(!get(fixture, &arena, &answer, &err));
	ck_assert_int_eq(err.kind, ERROR_SERVER);
	ck_assert_int_eq(err.http_status, 503);
}

TEST(gives_up_after_four_faults)
{
	static const struct step steps[] = {{NULL, 503, NULL, "{\"message\":\"down\"}"}};

	RUN(fixture, steps, get_failing);
	ck_assert_uint_eq(fixture.seen, 4);
}

TEST(waits_as_long_as_the_server_asks)
{
	static const struct step steps[] = {
		{NULL, 429, "Retry-After: 17\r\n", "{\"message\":\"slow down\"}"},
		{NULL, 200, NULL, "{\"name\":\"r\"}"},
	};

	RUN(fixture, steps, get_once);
	ck_assert_uint_eq(fixture.seen, 2);
	ck_assert_int_ge(clock_ms(&fixture.clock), 17000);
	ck_assert_int_lt(clock_ms(&fixture.clock), 20000);
}

TEST(waits_a_minute_for_a_secondary_limit)
{
	static const struct step steps[] = {
		{NULL, 403, NULL, "{\"message\":\"You have exceeded a secondary rate limit.\"}"},
		{NULL, 200, NULL, "{\"name\":\"r\"}"},
	};

	RUN(fixture, steps, get_once);
	ck_assert_int_ge(clock_ms(&fixture.clock), 60000);
}

TEST(waits_for_the_reset_of_a_primary_limit)
{
	/* The virtual clock starts at 1795000000 s. */
	static const struct step steps[] = {
		{NULL, 403,
		 START_DATE "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 1795000100\r\n",
		 "{\"message\":\"API rate limit exceeded\"}"},
		{NULL, 200, NULL, "{\"name\":\"r\"}"},
	};

	RUN(fixture, steps, get_once);
	ck_assert_int_ge(clock_ms(&fixture.clock), 100000);
	ck_assert_int_lt(clock_ms(&fixture.clock), 110000);
}

TEST(counts_the_wait_from_the_date_of_the_answer)
{
	/* 1794960000 s: eleven hours behind the virtual clock. */
	static const struct step steps[] = {
		{NULL, 403,
		 "date: Wed, 18 Nov 2026 00:00:00 GMT\r\nx-ratelimit-remaining: 0\r\n"
		 "x-ratelimit-reset: 1794960030\r\n",
		 "{\"message\":\"API rate limit exceeded\"}"},
		{NULL, 200, NULL, "{\"name\":\"r\"}"},
	};

	RUN(fixture, steps, get_once);
	ck_assert_int_ge(clock_ms(&fixture.clock), 30000);
	ck_assert_int_lt(clock_ms(&fixture.clock), 40000);
}

static void get_beyond_quota(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct github_answer answer = {0};
	struct error err = {0};

	ck_assert(!get(fixture, &arena, &answer, &err));
	ck_assert_int_eq(err.kind, ERROR_QUOTA);
}

TEST(does_not_wait_an_hour)
{
	static const struct step steps[] = {
		{NULL, 403,
		 START_DATE "x-ratelimit-remaining: 0\r\nx-ratelimit-reset: 1795003600\r\n",
		 "{\"message\":\"API rate limit exceeded\"}"},
	};

	RUN(fixture, steps, get_beyond_quota);
	ck_assert_uint_eq(fixture.seen, 1);
}

static void comment_denied(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct issue_comment made = {0};
	struct error err = {0};

	ck_assert(!issue_comment_create(fixture->github, 5, STR("hello"), &arena, &made, &err));
	ck_assert_int_eq(err.kind, ERROR_DENIED);
	ck_assert_str_eq(err.code, GITHUB_CODE_PERMISSION);
	ck_assert_msg(str_contains(str_from(err.message), STR("`pull-requests: write`")), "%s",
		      err.message);
	ck_assert(!str_contains(str_from(err.message), STR(TEST_TOKEN)));
}

TEST(names_the_permission_that_is_missing)
{
	static const struct step steps[] = {
		{"POST /repos/o/r/issues/5/comments", 403, NULL,
		 "{\"message\":\"Resource not accessible by integration\"}"},
	};

	RUN(fixture, steps, comment_denied);
	ck_assert_uint_eq(fixture.seen, 1);
}

static void comment_once(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct issue_comment made = {0};
	struct error err = {0};

	ck_assert_msg(issue_comment_create(fixture->github, 5, STR("hello\n"), &arena, &made, &err),
		      "%s", err.message);
	ck_assert_int_eq(made.id, 77);
}

TEST(finds_a_comment_whose_answer_was_lost)
{
	static const struct step steps[] = {
		{"POST /repos/o/r/issues/5/comments", 0, NULL, NULL, true},
		{"GET /repos/o/r/issues/5/comments", 200, NULL,
		 "[{\"id\":1,\"body\":\"other\"},{\"id\":77,\"body\":\"hello\"}]"},
	};

	RUN(fixture, steps, comment_once);
	ck_assert_uint_eq(fixture.seen, 2);
}

TEST(sends_again_what_was_not_stored)
{
	static const struct step steps[] = {
		{"POST /repos/o/r/issues/5/comments", 500, NULL, "{\"message\":\"oops\"}"},
		{"GET /repos/o/r/issues/5/comments", 200, NULL, "[]"},
		{"POST /repos/o/r/issues/5/comments", 201, NULL, "{\"id\":77,\"body\":\"hello\"}"},
	};

	RUN(fixture, steps, comment_once);
	ck_assert_uint_eq(fixture.seen, 3);
}

TEST(takes_an_html_page_for_a_lost_answer)
{
	static const struct step steps[] = {
		{"POST /repos/o/r/issues/5/comments", 200, NULL, "<html>hello</html>"},
		{"GET /repos/o/r/issues/5/comments", 200, NULL, "[{\"id\":77,\"body\":\"hello\"}]"},
	};

	RUN(fixture, steps, comment_once);
}

TEST(takes_an_empty_answer_for_a_lost_one)
{
	static const struct step steps[] = {
		{"POST /repos/o/r/issues/5/comments", 201, NULL, ""},
		{"GET /repos/o/r/issues/5/comments", 200, NULL, "[{\"id\":77,\"body\":\"hello\"}]"},
	};

	RUN(fixture, steps, comment_once);
}

static void get_nothing(struct fixture *fixture)
{
	static const int statuses[] = {200, 204, 304};
	SCOPED(arena) struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		struct github_answer answer = {0};
		struct error err = {0};

		ck_assert(!get(fixture, &arena, &answer, &err));
		ck_assert_msg(strstr(err.message, "/repos/o/r: status"), "%s", err.message);
	}
}

TEST(what_is_read_is_never_an_empty_answer)
{
	static const struct step steps[] = {
		{"GET /repos/o/r\n", 200, NULL, ""},
		{"GET /repos/o/r\n", 204, NULL, ""},
		{"GET /repos/o/r\n", 304, NULL, ""},
	};

	RUN(fixture, steps, get_nothing);
}

TEST(sends_a_refused_write_again_after_the_limit)
{
	static const struct step steps[] = {
		{"POST /repos/o/r/issues/5/comments", 403, "Retry-After: 5\r\n",
		 "{\"message\":\"You have exceeded a secondary rate limit\"}"},
		{"POST /repos/o/r/issues/5/comments", 201, NULL, "{\"id\":77,\"body\":\"hello\"}"},
	};

	RUN(fixture, steps, comment_once);
	ck_assert_uint_eq(fixture.seen, 2);
}

static void list_pages(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *items = NULL;
	struct error err = {0};

	ck_assert_msg(github_list(fixture->github, STR("/repos/o/r/pulls/1/files?per_page=2"), 100,
				  &arena, &items, &err),
		      "%s", err.message);
	ck_assert_uint_eq(value_len(items), 5);
}

TEST(follows_pages_to_the_end)
{
	static const struct step steps[] = {
		{"GET /repos/o/r/pulls/1/files?per_page=2\n", 200,
		 "Link: <URL/repos/o/r/pulls/1/files?page=2>; rel=\"next\", <URL/x?page=3>; rel=\"last\"\r\n",
		 "[1,2]"},
		{"GET /repos/o/r/pulls/1/files?page=2\n", 200,
		 "Link: <URL/x>; rel=\"prev\", <URL/repos/o/r/pulls/1/files?page=3>; rel=\"next\"\r\n",
		 "[3,4]"},
		{"GET /repos/o/r/pulls/1/files?page=3\n", 200, "Link: <URL/x>; rel=\"prev\"\r\n",
		 "[5]"},
	};

	RUN(fixture, steps, list_pages);
	ck_assert_uint_eq(fixture.seen, 3);
}

static void list_elsewhere(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *items = NULL;
	struct error err = {0};

	ck_assert(!github_list(fixture->github, STR("/repos/o/r/pulls/1/files"), 100, &arena,
			       &items, &err));
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
}

TEST(sends_the_token_to_no_other_host)
{
	static const struct step steps[] = {
		{NULL, 200, "Link: <http://127.0.0.2:9/steal>; rel=\"next\"\r\n", "[1]"},
	};
	static const struct step tricky[] = {
		{NULL, 200, "Link: <URL.evil.example/steal>; rel=\"next\"\r\n", "[1]"},
	};

	RUN(fixture, steps, list_elsewhere);
	ck_assert_uint_eq(fixture.seen, 1);
	RUN(second, tricky, list_elsewhere);
	ck_assert_uint_eq(second.seen, 1);
}

static void get_from_elsewhere(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct github_answer answer = {0};
	struct error err = {0};

	ck_assert(!get(fixture, &arena, &answer, &err));
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
	ck_assert_ptr_nonnull(strstr(err.message, "redirects to another place"));
}

TEST(follows_no_redirect_to_another_host)
{
	static const struct step steps[] = {
		{"GET /repos/o/r\n", 302, "Location: ELSEWHERE/repos/x/y\r\n", NULL},
	};

	RUN(fixture, steps, get_from_elsewhere);
	ck_assert_uint_eq(fixture.seen, 1);
}

TEST(files_and_archives_are_fetched_from_the_hosts_of_the_same_github)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str hosts[REDIRECT_HOSTS_MAX];

	ck_assert_uint_eq(redirect_hosts(&arena, STR("https://api.github.com"), hosts), 2);
	ck_assert_str_is(hosts[0], STR("codeload.github.com"));
	ck_assert_uint_eq(redirect_hosts(&arena, STR("https://git.corp.test/api/v3"), hosts), 2);
	ck_assert_str_is(hosts[0], STR("codeload.git.corp.test"));
	ck_assert_str_is(hosts[1], STR("raw.git.corp.test"));
	ck_assert_uint_eq(redirect_hosts(&arena, STR("https://api.acme.ghe.com"), hosts), 2);
	ck_assert_str_is(hosts[0], STR("codeload.acme.ghe.com"));
	ck_assert_uint_eq(redirect_hosts(&arena, STR("nonsense"), hosts), 0);
}

TEST(follows_a_redirect_of_the_same_host_with_the_token)
{
	static const struct step steps[] = {
		{"GET /repos/o/r\n", 301, "Location: URL/repos/x/y\r\n", NULL},
		{"GET /repos/x/y\n", 200, NULL, "{\"name\":\"r\"}"},
	};

	RUN(fixture, steps, get_once);
	ck_assert(fixture_saw(&fixture, 1, TEST_TOKEN));
}

static void two_comments(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct issue_comment made = {0};
	struct error err = {0};
	int64_t before = clock_ms(&fixture->clock);

	ck_assert(issue_comment_create(fixture->github, 5, STR("a"), &arena, &made, &err));
	ck_assert(issue_comment_create(fixture->github, 5, STR("b"), &arena, &made, &err));
	ck_assert_int_ge(clock_ms(&fixture->clock) - before, 1000);
}

TEST(spaces_writes_by_a_second)
{
	static const struct step steps[] = {{NULL, 201, NULL, "{\"id\":1}"}};

	RUN(fixture, steps, two_comments);
}

static void write_dry(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct issue_comment made = {0};
	struct error err = {0};

	ck_assert(!issue_comment_create(fixture->github, 5, STR("a"), &arena, &made, &err));
	ck_assert_int_eq(err.kind, ERROR_CANCELLED);
	ck_assert_str_eq(err.code, GITHUB_CODE_DRY_RUN);
}

TEST(writes_nothing_in_a_dry_run)
{
	static const struct step steps[] = {{NULL, 201, NULL, "{\"id\":1}"}};
	SCOPED(fixture)
	struct fixture fixture = {
		.steps = steps,
		.steps_len = 1,
		.run = write_dry,
		.dry_run = true,
	};

	fixture_run(&fixture);
	ck_assert_uint_eq(fixture.seen, 0);
}

static void edit_moved(struct fixture *fixture)
{
	struct error err = {0};

	ck_assert_msg(issue_comment_edit(fixture->github, 9, STR("new"), &err), "%s", err.message);
}

TEST(follows_a_renamed_repository_when_writing)
{
	static const struct step steps[] = {
		{"PATCH /repos/o/r/issues/comments/9\n", 307,
		 "Location: URL/repositories/12/issues/comments/9\r\n", "{}"},
		{"PATCH /repositories/12/issues/comments/9\n", 200, NULL, "{\"id\":9}"},
	};

	SCOPED(fixture)
	struct fixture fixture = {
		.steps = steps,
		.steps_len = ARRAY_LEN(steps),
		.run = edit_moved,
	};

	fixture_run(&fixture);
	ck_assert(fixture_saw(&fixture, 1, "\"new\""));
}

static void ask_both(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct review_comments comments = {0};
	struct github_answer answer = {0};
	struct str viewer = STR_EMPTY;
	struct error err = {0};

	ck_assert_msg(get(fixture, &arena, &answer, &err), "%s", err.message);
	ck_assert_msg(review_threads_read(fixture->github, 5, &arena, &comments, &viewer, &err),
		      "%s", err.message);
}

TEST(finds_the_addresses_of_a_server_of_ones_own)
{
	static const struct step steps[] = {
		{"GET /api/v3/repos/o/r\n", 200, NULL, "{\"name\":\"r\"}"},
		{"POST /api/graphql\n", 200, NULL, "{\"data\":{\"viewer\":{\"login\":\"x\"}}}"},
	};
	SCOPED(fixture)
	struct fixture fixture = {
		.steps = steps,
		.steps_len = ARRAY_LEN(steps),
		.run = ask_both,
		.api_path = "/api/v3/",
	};

	fixture_run(&fixture);
	ck_assert_uint_eq(fixture.seen, 2);
}
