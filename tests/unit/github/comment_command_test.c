/* Commands in comments. */
#include "fixture.h"
#include "github/comment_command.h"
#include "unit.h"

static struct comment_command parsed(struct arena *arena, const char *body)
{
	struct comment_command command;

	comment_command_parse(str_from(body), false, arena, &command);
	return command;
}

static struct comment_command parsed_below(struct arena *arena, const char *body)
{
	struct comment_command command;

	comment_command_parse(str_from(body), true, arena, &command);
	return command;
}

TEST(parses_review_with_agents_and_full)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct comment_command command =
		parsed(&arena, "/outcrop review full security  my_agent\r\nthank you");

	ck_assert_int_eq(command.kind, COMMENT_REVIEW);
	ck_assert(command.full);
	ck_assert_uint_eq(command.agents_len, 2);
	ck_assert_str_is(command.agents[0], STR("security"));
	ck_assert_str_is(command.agents[1], STR("my_agent"));
}

TEST(telephones_begin_with_a_capital_and_people_put_commas)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct comment_command command = parsed(&arena, "/Outcrop Review Full a, b,c");

	ck_assert_int_eq(command.kind, COMMENT_REVIEW);
	ck_assert(command.full);
	ck_assert_uint_eq(command.agents_len, 3);
	ck_assert_str_is(command.agents[0], STR("a"));
	ck_assert_str_is(command.agents[2], STR("c"));
}

TEST(never_takes_paths_or_options_for_agents)
{
	static const char *const bodies[] = {
		"/outcrop review ./evil.yml", "/outcrop review other/repo/agent.yml@v1",
		"/outcrop review --model=x",  "/outcrop review a;b",
		"/outcrop configure",
	};
	SCOPED(arena) struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct comment_command command = parsed(&arena, bodies[i]);

		ck_assert_msg(command.kind == COMMENT_WRONG, "%s", bodies[i]);
		ck_assert_uint_gt(command.problem.len, 0);
		ck_assert_uint_eq(command.agents_len, 0);
	}
}

TEST(parses_dismiss)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(parsed(&arena, "/outcrop dismiss `0123456789abcdef`").id,
			 STR("0123456789abcdef"));
	ck_assert_int_eq(parsed(&arena, "/outcrop dismiss").kind, COMMENT_DISMISS);
	ck_assert_uint_eq(parsed(&arena, "/outcrop dismiss").id.len, 0);
	ck_assert_int_eq(parsed(&arena, "/outcrop dismiss 123").kind, COMMENT_WRONG);
	ck_assert_str_is(
		parsed(&arena, "/outcrop dismiss 0123456789abcdef a false  alarm\nmore").reason,
		STR("a false  alarm"));
	ck_assert_int_eq(parsed(&arena, "/outcrop dismiss a false alarm").kind, COMMENT_WRONG);
	ck_assert_str_is(parsed_below(&arena, "/outcrop dismiss a false alarm").reason,
			 STR("a false alarm"));
	ck_assert_int_eq(parsed_below(&arena, "/outcrop dismiss 0123456789abcde").kind,
			 COMMENT_WRONG);
}

TEST(helps)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_int_eq(parsed(&arena, "/outcrop help").kind, COMMENT_HELP);
	ck_assert_int_eq(parsed(&arena, "/outcrop").kind, COMMENT_HELP);
	ck_assert(str_contains(comment_command_help(false, &arena),
			       STR("`/outcrop dismiss ID [reason]`")));
	ck_assert(str_contains(comment_command_help(true, &arena),
			       STR("`/outcrop dismiss [reason]`")));
	ck_assert(!str_contains(comment_command_help(true, &arena), STR(" ID")));
	ck_assert(str_contains(parsed(&arena, "/outcrop frob").problem,
			       STR("`/outcrop explain ID`, `/outcrop help`.")));
}

static const struct event comment_event = {
	.kind = EVENT_ISSUE_COMMENT,
	.comment = {.id = 9, .author = STR_INIT("ann[bot]")},
	.pull = {.number = 5},
};

static bool may_write(struct fixture *fixture)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct error err = {0};
	bool may = false;

	ck_assert_msg(comment_author_may_write(fixture->github, &comment_event, &arena, &may, &err),
		      "%s", err.message);
	return may;
}

static void expect_may(struct fixture *fixture)
{
	ck_assert(may_write(fixture));
}

static void expect_may_not(struct fixture *fixture)
{
	ck_assert(!may_write(fixture));
}

TEST(asks_for_write_permission)
{
	static const struct step writes[] = {
		{"GET /repos/o/r/collaborators/ann%5Bbot%5D/permission\n", 200, NULL,
		 "{\"permission\":\"write\"}"}};
	static const struct step reads[] = {{NULL, 200, NULL, "{\"permission\":\"read\"}"}};
	static const struct step stranger[] = {{NULL, 404, NULL, "{\"message\":\"Not Found\"}"}};
	SCOPED(fixture) struct fixture first = {.steps = writes, .steps_len = 1, .run = expect_may};
	SCOPED(fixture)
	struct fixture second = {.steps = reads, .steps_len = 1, .run = expect_may_not};
	SCOPED(fixture)
	struct fixture third = {.steps = stranger, .steps_len = 1, .run = expect_may_not};

	fixture_run(&first);
	fixture_run(&second);
	fixture_run(&third);
}

static void react(struct fixture *fixture)
{
	struct event on_lines = comment_event;
	struct error err = {0};

	on_lines.kind = EVENT_REVIEW_COMMENT;
	ck_assert(comment_react(fixture->github, &comment_event, "eyes", &err));
	ck_assert(comment_react(fixture->github, &on_lines, "confused", &err));
	ck_assert(comment_reply(fixture->github, &comment_event, STR("no"), &err));
}

TEST(reacts_and_replies)
{
	static const struct step steps[] = {
		{"POST /repos/o/r/issues/comments/9/reactions\n", 201, NULL, "{\"id\":1}"},
		{"POST /repos/o/r/pulls/comments/9/reactions\n", 201, NULL, "{\"id\":1}"},
		{"POST /repos/o/r/issues/5/comments\n", 201, NULL, "{\"id\":1}"},
	};
	SCOPED(fixture) struct fixture fixture = {.steps = steps, .steps_len = 3, .run = react};

	fixture_run(&fixture);
	ck_assert(fixture_saw(&fixture, 0, "{\"content\":\"eyes\"}"));
	ck_assert(fixture_saw(&fixture, 2, "{\"body\":\"no\"}"));
}
