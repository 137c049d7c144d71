/* The words around the change. */
#include "agent/prompt.h"

#include "agent/definition.h"
#include "unit.h"
#include "value/json.h"

static void make_agent(struct arena *arena, const char *text, struct agent *agent)
{
	SCOPED(problems) struct problems problems = {0};
	struct agent_source source = {
		.text = str_from(text), .file = STR("x.yml"), .name = STR("x")};

	ck_assert(agent_read(arena, &source, &problems, agent));
}

TEST(puts_system_before_prompt_and_the_answer_last)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct agent agent;
	struct prompt_values values = {.repository = STR("acme/x"), .language = STR("de")};
	ptrdiff_t who, what, answer;

	make_agent(
		&arena,
		"system: Who you are.\nprompt: Review {{ diff }} of {{ repository }}, {{ pr.title }}\n",
		&agent);
	prompt_agent(&out, &agent, &values);
	who = str_find(buf_str(&out), STR("Who you are.\n"), 0);
	what = str_find(buf_str(&out), STR("Review the change above of acme/x, (none)\n"), 0);
	answer = str_find(buf_str(&out), STR("report_findings"), 0);
	ck_assert(who >= 0 && who < what && what < answer);
	ck_assert(str_contains(buf_str(&out), STR("the language \"de\"")));
}

TEST(shows_the_schema_to_a_model_without_tools)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct agent agent;
	struct error err;
	struct prompt_values values = {
		.language = STR("en"),
		.answer = PROMPT_ANSWER_JSON,
		.schema = json_read(&arena, STR("{\"type\":\"object\"}"), 0, &err),
	};

	make_agent(&arena, "prompt: Review.\n", &agent);
	prompt_agent(&out, &agent, &values);
	ck_assert(str_contains(buf_str(&out), STR("one JSON object")));
	ck_assert(str_contains(buf_str(&out), STR("{\"type\":\"object\"}")));
	ck_assert(!str_contains(buf_str(&out), STR("report_findings")));
}

TEST(expands_nothing_inside_the_change)
{
	static const struct str paths[] = {STR_INIT("src/{{ diff }}.c")};
	SCOPED(buf) struct buf files = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	SCOPED(buf) struct buf again = BUF_INIT;
	struct prompt_overview overview = {.files_len = 1, .not_shown = STR("x.lock: lockfile")};
	struct prompt_change change = {
		.diff = STR("## File: a (added)\n  1 |+ {{ repository }}\n"),
		.part = 2,
		.parts = 3,
	};

	prompt_files(&files, paths, 1);
	overview.files = buf_str(&files);
	prompt_overview(&out, &overview);
	prompt_change(&out, &change);
	prompt_overview(&again, &overview);
	prompt_change(&again, &change);
	ck_assert_str_is(buf_str(&out), buf_str(&again));
	ck_assert(str_contains(buf_str(&out), STR("+ {{ repository }}\n</data-")));
	ck_assert(str_contains(buf_str(&out), STR("- src/{{ diff }}.c\n")));
	ck_assert(str_contains(buf_str(&out), STR("Part 2 of 3")));
	ck_assert(str_contains(buf_str(&out), STR("x.lock: lockfile")));
}

TEST(counts_the_files_that_it_does_not_list)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	size_t len = PROMPT_PATHS_MAX + 7;
	struct str *paths = ARENA_ARRAY(&arena, struct str, len);

	for (size_t i = 0; i < len; i++)
		paths[i] = arena_printf(&arena, "f%zu", i);
	prompt_files(&out, paths, len);
	ck_assert(str_contains(buf_str(&out), STR("- and 7 more files\n")));
	ck_assert(!str_contains(buf_str(&out), STR("- f500\n")));
}
