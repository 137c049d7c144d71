/* Agent definitions: what is read, what is refused, and where. */
#include "agent/definition.h"

#include <string.h>

#include "unit.h"
#include "value/json.h"

/* Reads an agent called "x"; gives what is wrong with it. */
static struct str read_agent(struct arena *arena, const char *text, struct agent *agent)
{
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct agent_source source = {
		.text = str_from(text), .file = STR("x.yml"), .name = STR("x")};
	bool ok = agent_read(arena, &source, &problems, agent);

	ck_assert(ok == (problems.errors == 0));
	problems_write(&problems, &out);
	return arena_str(arena, buf_str(&out));
}

TEST(reads_every_field)
{
	static const char text[] =
		"name: x\n"
		"description: Finds things.\n"
		"model: [sonnet, haiku]\n"
		"needs: [code-quality]\n"
		"required: false\n"
		"paths: [\"src/**\", \"!**/*_test.c\"]\n"
		"system: |\n  You review.\n"
		"prompt: |\n  Review {{ repository }}, {{ pr.title }}.\n  {{ diff }}\n  {{ context }}\n"
		"tools: [search, read_file, list_files]\n"
		"output: { schema: { type: object, properties: { a: { $ref: \"#/$defs/s\" } }, $defs: { s: { type: string } } } }\n"
		"min_severity: high\n"
		"votes: 2\n"
		"inference: { max_tokens: 8000, stop: [\"END\"] }\n"
		"context:\n  files: [docs/adr/**]\n  retrieve: { paths: [\"docs/**\"], embedder: titan }\n"
		"limits: { turns: 3, seconds: 30, cost_usd: 0.5 }\n";
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct agent agent;

	ck_assert_str_is(read_agent(&arena, text, &agent), STR(""));
	ck_assert_uint_eq(agent.models.len, 2);
	ck_assert_str_is(agent.models.items[1], STR("haiku"));
	ck_assert(!agent.required);
	ck_assert_str_is(agent.tools.items[0], STR("list_files"));
	ck_assert_int_eq(agent.output, AGENT_SCHEMA);
	ck_assert_str_is(
		value_as_string(value_at_pointer(agent.output_schema, STR("/properties/a/type"))),
		STR("string"));
	ck_assert(agent.has_min_severity && agent.min_severity == SEVERITY_HIGH);
	ck_assert_int_eq((int)agent.votes, 2);
	ck_assert_int_eq((int)agent.inference.max_tokens, 8000);
	ck_assert(agent.inference.temperature < 0);
	ck_assert(agent.has_retrieve && agent.retrieve.top_k == 6);
	ck_assert_str_is(agent.context_files.items[0], STR("docs/adr/**"));
	ck_assert(agent.limits.turns == 3 && agent.limits.seconds == 30);
	ck_assert(agent.prompt_template->uses[VARIABLE_PR_TITLE]);
	ck_assert_uint_eq(agent.hash.len, 64);
}

TEST(gives_defaults_to_what_is_left_out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct agent agent;

	ck_assert_str_is(read_agent(&arena, "prompt: Look.\n", &agent), STR(""));
	ck_assert_str_is(agent.name, STR("x"));
	ck_assert(agent.required && agent.votes == 1 && agent.models.len == 0);
	ck_assert(agent.output == AGENT_FINDINGS && !agent.has_min_severity && !agent.max_findings);
	ck_assert(agent.limits.turns == 12 && agent.limits.seconds == 300 &&
		  agent.limits.cost_usd < 0);
	ck_assert_uint_eq(agent.system_template->len, 0);
}

TEST(gives_the_place_of_each_mistake)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{"system: hello\n", "x.yml:1:1: error: \"prompt\" is missing\n"},
		{"promt: hello\n",
		 "x.yml:1:1: error: unknown key \"promt\"; did you mean \"prompt\"?\n"
		 "x.yml:1:1: error: \"prompt\" is missing\n"},
		{"prompt: \"\"\n", "x.yml:1:9: error: prompt: must not be empty\n"},
		{"name: y\nprompt: a\n",
		 "x.yml:1:7: error: name: must be \"x\", the name of its file; or remove it\n"},
		{"prompt: |\n  Look at\n    {{ dif }}\n",
		 "x.yml:3:5: error: prompt: unknown variable \"dif\"; did you mean \"diff\"?\n"},
		{"prompt: a\ntools: [read_file, serch]\n",
		 "x.yml:2:20: error: tools: unknown tool \"serch\"; did you mean \"search\"?\n"},
		{"prompt: a\ntools: serch\n",
		 "x.yml:2:8: error: tools: unknown tool \"serch\"; did you mean \"search\"?\n"},
		{"prompt: a\ntools: [search, search]\n",
		 "x.yml:2:17: error: tools: \"search\" is listed twice\n"},
		{"prompt: a\noutput: text\n",
		 "x.yml:2:9: error: output: must be findings, markdown, verdicts or { schema: {...} }\n"},
		{"prompt: a\noutput: {schema: {type: array}}\n",
		 "x.yml:2:18: error: output: the schema's \"type\" must be \"object\"\n"},
		{"prompt: a\nvotes: 2\nmodel: sonnet\n",
		 "x.yml:2:8: error: votes: more votes than models: 2 of 1\n"},
		{"prompt: a\ninference: {temperature: 0.1, top_p: 0.5}\n",
		 "x.yml:2:38: error: inference: give temperature or top_p, not both\n"},
		{"prompt: a\nlimits: {turns: 0}\n",
		 "x.yml:2:17: error: limits.turns: must be between 1 and 100\n"},
		{"prompt: a\nmin_severity: hihg\n",
		 "x.yml:2:15: error: min_severity: must be critical, high, medium, low or info, is \"hihg\"\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct agent agent;

		ck_assert_str_is(read_agent(&arena, rows[i].text, &agent), str_from(rows[i].said));
	}
}

TEST(says_what_of_a_schema_is_not_checked)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct agent agent;

	ck_assert_str_is(
		read_agent(
			&arena,
			"prompt: a\noutput:\n  schema:\n    type: object\n    minProperties: 1\n",
			&agent),
		STR("x.yml:4:5: warning: output: \"minProperties\" is only shown to the model: answers are not checked for it\n"));
	ck_assert_int_eq(agent.output, AGENT_SCHEMA);
	ck_assert(str_contains(
		read_agent(&arena,
			   "prompt: a\noutput:\n  schema:\n    type: object\n    properties:\n"
			   "      a: { $ref: \"#\" }\n",
			   &agent),
		STR("x.yml:4:5: error: output: schema: \"#\" refers to itself")));
}

TEST(refuses_globs_that_cannot_match)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct agent agent;
	struct str said = read_agent(&arena, "prompt: a\npaths: [ok, \"![a\"]\n", &agent);

	ck_assert_msg(str_starts(said, STR("x.yml:2:13: error: paths: ")), "%.*s", STR_ARG(said));
}

TEST(hashes_the_meaning_and_not_the_layout)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct agent a, b, c;

	ck_assert_str_is(read_agent(&arena, "prompt: a\nvotes: 1\n", &a), STR(""));
	ck_assert_str_is(read_agent(&arena, "# comment\nprompt:   \"a\"\nvotes: 1\n", &b), STR(""));
	ck_assert_str_is(read_agent(&arena, "prompt: b\nvotes: 1\n", &c), STR(""));
	ck_assert_str_is(a.hash, b.hash);
	ck_assert(!str_eq(a.hash, c.hash));
}

/* Agents given as "name: need need", one a string; gives what agents_check() says. */
static struct str check_needs(struct arena *arena, const char *const *rows, size_t len)
{
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct agents agents = {.items = ARENA_ARRAY(arena, struct agent, len), .len = len};

	for (size_t i = 0; i < len; i++) {
		struct agent *agent = &agents.items[i];
		struct str needs = STR_EMPTY;

		ck_assert(str_cut(str_from(rows[i]), STR(":"), &agent->name, &needs));
		agent->file = arena_printf(arena, "%.*s.yml", STR_ARG(agent->name));
		agent->at = (struct position){1, 1};
		agent->needs.items = ARENA_ARRAY(arena, struct str, 10);
		needs = str_trim(needs);
		for (struct str need; needs.len && str_next_part(&needs, ' ', &need);)
			agent->needs.items[agent->needs.len++] = need;
	}
	ck_assert(agents_check(&agents, &problems) == (problems.errors == 0));
	problems_write(&problems, &out);
	return arena_str(arena, buf_str(&out));
}

TEST(prints_the_circle_of_agents_that_need_each_other)
{
	static const char *const good[] = {"a: b c", "b: c", "c:", "d: a b c"};
	static const char *const circle[] = {"a: b", "b: c", "c: d", "d: b"};
	static const char *const self[] = {"a: a"};
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(check_needs(&arena, good, ARRAY_LEN(good)), STR(""));
	ck_assert_str_is(
		check_needs(&arena, circle, ARRAY_LEN(circle)),
		STR("d.yml:1:1: error: agents that need each other in a circle: b -> c -> d -> b\n"));
	ck_assert_str_is(
		check_needs(&arena, self, 1),
		STR("a.yml:1:1: error: agents that need each other in a circle: a -> a\n"));
}

TEST(refuses_needs_that_are_not_there_and_names_used_twice)
{
	static const char *const rows[] = {"code-quality:", "b: code-qualty zzz", "b:"};
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(
		check_needs(&arena, rows, ARRAY_LEN(rows)),
		STR("b.yml:1:1: error: an agent called \"b\" is there already, from b.yml\n"
		    "b.yml:1:1: error: needs \"code-qualty\", which is not among the agents of this run; did you mean \"code-quality\"?\n"
		    "b.yml:1:1: error: needs \"zzz\", which is not among the agents of this run\n"));
}
