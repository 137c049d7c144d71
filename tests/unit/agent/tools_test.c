/* The read-only tools: what they give, what they refuse, where they stop. */
#include "agent/tools.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "fake_source.h"
#include "unit.h"
#include "value/json.h"

static const struct fake_file files[] = {
	{"README.md", "# Title\nbusy waiting\n", 0},
	{"bin/data", "a\0busy", 6},
	{"src/gone.c", NULL, 0},
	{"src/key.c", "char *password = \"hunter2hunter2xyzAB9\";\nint busy;\n", 0},
	{"src/pool.c", "int a;\nint busy = 1;\nint c;\n", 0},
	{"src/util/pool.c", "/* none */\n", 0},
};
static struct str all_tools[] = {STR_INIT("list_files"), STR_INIT("read_file"), STR_INIT("search")};
static const struct strings allowed = {.items = all_tools, .len = 3};

/* Calls a tool with a JSON input; the answer's text, with "error: " before it when it is one. */
static struct str call(struct arena *arena, struct tools *tools, const char *name,
		       const char *input)
{
	struct tool_answer answer = {0};
	struct error err = {0};
	struct tool_call tool_call = {
		.name = str_from(name),
		.input = json_read(arena, str_from(input), 0, &err),
		.allowed = &allowed,
	};

	ck_assert_ptr_nonnull(tool_call.input);
	ck_assert_msg(tools_call(tools, arena, &tool_call, &answer, &err), "%s", err.message);
	return arena_printf(arena, "%s%.*s", answer.is_error ? "error: " : "",
			    STR_ARG(answer.text));
}

#define WITH_TOOLS(...)                                                                            \
	SCOPED(arena) struct arena arena = ARENA_INIT;                                             \
	struct fake_source fake = {.files = files, .len = ARRAY_LEN(files), __VA_ARGS__};          \
	struct source source = fake_source(&fake);                                                 \
	SCOPED(tools) struct tools tools = {.source = &source}

TEST(lists_files_that_match)
{
	WITH_TOOLS();

	ck_assert_str_is(
		call(&arena, &tools, "list_files", "{\"glob\":\"src/*.c\"}"),
		STR("src/gone.c (0 bytes)\nsrc/key.c (51 bytes)\nsrc/pool.c (28 bytes)\n"));
	ck_assert_str_is(
		call(&arena, &tools, "list_files", "{\"glob\":\"*.rs\"}"),
		STR("No file matches. Give a folder (\"src\") or a pattern of whole paths (\"src/**/*.c\", \"**/test_*\").\n"));
	ck_assert(str_contains(call(&arena, &tools, "list_files", "{}"), STR("README.md")));
	ck_assert_int_eq(fake.trees, 1);
}

TEST(a_folder_means_the_files_below_it)
{
	WITH_TOOLS();
	static const char *const folders[] = {"src", "./src", "src/", "./src/", "/src"};
	static const char *const roots[] = {".", "./", "/", ""};

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		struct str input = arena_printf(&arena, "{\"glob\":\"%s\"}", folders[i]);

		ck_assert_str_is(
			call(&arena, &tools, "list_files", input.ptr),
			STR("src/gone.c (0 bytes)\nsrc/key.c (51 bytes)\nsrc/pool.c (28 bytes)\nsrc/util/pool.c (11 bytes)\n"));
	}
	for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
		struct str input = arena_printf(&arena, "{\"glob\":\"%s\"}", roots[i]);

		ck_assert(str_contains(call(&arena, &tools, "list_files", input.ptr),
				       STR("README.md (")));
	}
	ck_assert(str_contains(call(&arena, &tools, "search",
				    "{\"pattern\":\"none\",\"glob\":\"./src/util\"}"),
			       STR("src/util/pool.c:1:")));
}

TEST(a_path_copied_from_an_answer_is_found)
{
	WITH_TOOLS();

	ck_assert_str_is(
		call(&arena, &tools, "read_file", "{\"path\":\"src/pool.c:2\"}"),
		STR("src/pool.c, lines 2 to 3 of 3:\n     2 | int busy = 1;\n     3 | int c;\n"));
	ck_assert(str_starts(call(&arena, &tools, "read_file", "{\"path\":\"\\\"src/pool.c\\\"\"}"),
			     STR("src/pool.c, lines 1 to 3")));
}

TEST(no_pattern_reveals_a_secret)
{
	/* The second one would take too many steps on the secret itself. */
	static const char *const patterns[] = {"hunter2hunter2", "((h|u|n|t|e|r|2)+)+!"};
	WITH_TOOLS();

	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		struct str input = arena_printf(
			&arena, "{\"pattern\":\"%s\",\"glob\":\"src/key.c\"}", patterns[i]);

		ck_assert_str_is(call(&arena, &tools, "search", input.ptr),
				 STR("No line matches.\n1 file searched.\n"));
	}
}

TEST(no_glob_reveals_a_secret_in_a_name)
{
	static const struct fake_file named[] = {
		{"keys/AKIA"
		 "Q3EGRIVMZT5WXC7N.txt",
		 "text\n", 0},
		{"keys/other.txt", "text\n", 0},
	};
	static const char *const globs[] = {"keys/AKIAQ*", "**/AKIA*", "{**/x*,**/AKIAQ3*}",
					    "*AKIAQ*"};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct fake_source fake = {.files = named, .len = ARRAY_LEN(named)};
	struct source source = fake_source(&fake);
	SCOPED(tools) struct tools tools = {.source = &source};
	struct str all = call(&arena, &tools, "list_files", "{\"glob\":\"keys\"}");

	ck_assert(str_contains(all, STR("[redacted:")) && str_contains(all, STR("keys/other.txt")));
	for (size_t i = 0; i < ARRAY_LEN(globs); i++) {
		const char *input = arena_printf(&arena, "{\"glob\":\"%s\"}", globs[i]).ptr;

		ck_assert(str_starts(call(&arena, &tools, "list_files", input),
				     STR("No file matches")));
		input = arena_printf(&arena, "{\"pattern\":\"text\",\"glob\":\"%s\"}", globs[i])
				.ptr;
		ck_assert(str_contains(call(&arena, &tools, "search", input),
				       STR("0 files searched")));
	}
	ck_assert(str_contains(call(&arena, &tools, "list_files", "{\"glob\":\"keys/*redacted*\"}"),
			       STR("[redacted:")));
}

TEST(a_long_name_is_cut_between_two_characters)
{
	SCOPED(buf) struct buf name = BUF_INIT;
	WITH_TOOLS();

	for (int i = 0; i < 200; i++)
		buf_add_text(&name, "\xe2\x82\xac");
	for (int i = 0; i < 3; i++) {
		struct str input =
			arena_printf(&arena, "{\"path\":\"%.*s%s\"}", i, "abc", name.ptr);
		struct str answer = call(&arena, &tools, "read_file", input.ptr);

		ck_assert(str_contains(answer, STR("there is no file")));
		ck_assert(utf8_valid(answer));
	}
}

static int pauses;

static bool count_pause(struct error *err)
{
	(void)err;
	pauses++;
	return true;
}

TEST(a_slow_pattern_has_one_budget_for_all_lines)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct fake_file long_files[] = {{"a.txt", NULL, 0}};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct fake_source fake = {.files = long_files, .len = 1};
	struct source source = fake_source(&fake);
	SCOPED(tools)
	struct tools tools = {.source = &source, .pause = count_pause, .search_ms_max = 50};
	static const char *const slow[] = {"{\"pattern\":\"a*a*[XY]\"}",
					   "{\"pattern\":\"a*[XY]\"}"};
	int64_t start = clock_cpu_ns();

	for (int i = 0; i < 1000; i++) {
		buf_add_many(&text, 'a', 999);
		buf_add_char(&text, '\n');
	}
	long_files[0].text = text.ptr;
	for (size_t i = 0; i < ARRAY_LEN(slow); i++)
		ck_assert(str_contains(call(&arena, &tools, "search", slow[i]),
				       STR("stopped because it takes too long")));
	/* The time is looked at after each long line, so both end soon after their 50 ms. */
	ck_assert_int_lt(clock_cpu_ns() - start, (int64_t)20 * 1000000000);
	ck_assert_int_gt(pauses, 0);
}

TEST(reads_lines_with_their_numbers)
{
	WITH_TOOLS();

	ck_assert_str_is(
		call(&arena, &tools, "read_file", "{\"path\":\"./src/pool.c\",\"start_line\":2}"),
		STR("src/pool.c, lines 2 to 3 of 3:\n     2 | int busy = 1;\n     3 | int c;\n"));
	ck_assert_str_is(call(&arena, &tools, "read_file",
			      "{\"path\":\"src/pool.c\",\"start_line\":1,\"end_line\":1}"),
			 STR("src/pool.c, lines 1 to 1 of 3:\n     1 | int a;\n"));
	ck_assert_int_eq(fake.blobs, 1);
}

TEST(says_what_to_do_about_a_call_that_cannot_be_run)
{
	WITH_TOOLS();
	static const struct {
		const char *name, *input, *said;
	} rows[] = {
		{"read_file", "{\"path\":\"pool.c\"}",
		 "error: there is no file \"pool.c\" at the head of the change; files of that name: src/pool.c, src/util/pool.c; paths begin at the root of the repository"},
		{"read_file", "{\"path\":\"../../etc/passwd\"}",
		 "error: there is no file \"../../etc/passwd\" at the head of the change; paths begin at the root of the repository"},
		{"read_file", "{\"path\":\"/proc/self/environ\"}",
		 "error: there is no file \"/proc/self/environ\" at the head of the change; paths begin at the root of the repository"},
		{"read_file", "{\"path\":\"bin/data\"}", "error: \"bin/data\": it is binary"},
		{"read_file", "{\"path\":\"src/gone.c\"}",
		 "error: \"src/gone.c\": it cannot be read in this run"},
		{"read_file", "{\"path\":\"src/pool.c\",\"start_line\":9}",
		 "error: \"src/pool.c\" has 3 lines; line 9 is not there"},
		{"read_file", "{\"path\":\"src/pool.c\",\"start_line\":3,\"end_line\":2}",
		 "error: end_line is before start_line"},
		{"read_file", "{}", "error: read_file: \"path\" is missing"},
		{"read_file", "{\"path\":1}",
		 "error: read_file: /path: must be a string, is a whole number: put it into quotes"},
		{"read_file", "{\"file\":\"x\",\"path\":\"y\"}",
		 "error: read_file: unknown key \"file\"; the keys here are: path, start_line, end_line"},
		{"run", "{}",
		 "error: there is no tool \"run\"; you may call: list_files, read_file, search"},
		{"search", "{\"pattern\":\"(\"}",
		 "error: pattern: missing closing parenthesis (at its byte 2)"},
		{"search", "{\"pattern\":\"\"}", "error: pattern: must have 1 to 500 bytes, has 0"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ck_assert_str_is(call(&arena, &tools, rows[i].name, rows[i].input),
				 str_from(rows[i].said));
}

TEST(refuses_tools_that_the_agent_does_not_have)
{
	WITH_TOOLS();
	struct str one[] = {STR("search")};
	struct strings few = {.items = one, .len = 1};
	struct tool_call tool_call = {.name = STR("read_file"), .allowed = &few};
	struct tool_answer answer;
	struct error err;

	ck_assert(tools_call(&tools, &arena, &tool_call, &answer, &err));
	ck_assert(answer.is_error);
	ck_assert_str_is(answer.text, STR("there is no tool \"read_file\"; you may call: search"));
}

TEST(searches_beside_the_changed_files_first)
{
	static const struct str changed[] = {STR_INIT("src/util/new.c")};
	WITH_TOOLS();

	tools.changed = changed;
	tools.changed_len = 1;
	ck_assert_str_is(
		call(&arena, &tools, "search",
		     "{\"pattern\":\"NONE|busy =\",\"ignore_case\":true}"),
		STR("src/util/pool.c:1: /* none */\nsrc/pool.c:2: int busy = 1;\n"
		    "4 files searched; 2 could not be: binary, too large, or not at hand in this run.\n"));
}

TEST(narrows_a_search_by_glob)
{
	WITH_TOOLS();

	ck_assert_str_is(call(&arena, &tools, "search", "{\"pattern\":\"busy\",\"glob\":\"*.md\"}"),
			 STR("README.md:2: busy waiting\n1 file searched.\n"));
	ck_assert_str_is(call(&arena, &tools, "search", "{\"pattern\":\"zzz\",\"glob\":\"*.md\"}"),
			 STR("No line matches.\n1 file searched.\n"));
}

TEST(shows_no_secrets)
{
	WITH_TOOLS();
	struct str read = call(&arena, &tools, "read_file", "{\"path\":\"src/key.c\"}");
	struct str found = call(&arena, &tools, "search", "{\"pattern\":\"password\"}");

	ck_assert_msg(!str_contains(read, STR("hunter2hunter2")), "%.*s", STR_ARG(read));
	ck_assert(str_contains(read, STR("int busy;")));
	ck_assert(!str_contains(found, STR("hunter2hunter2")));
}

TEST(ends_patterns_that_take_too_long)
{
	static char line[3000];
	struct fake_file long_files[] = {{"a.txt", line, 0}};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct fake_source fake = {.files = long_files, .len = 1};
	struct source source = fake_source(&fake);
	SCOPED(tools) struct tools tools = {.source = &source};
	struct str said;

	memset(line, 'a', sizeof(line) - 1);
	said = call(&arena, &tools, "search", "{\"pattern\":\"(a+)+b\"}");
	ck_assert_msg(str_starts(said, STR("error: pattern: it takes too many steps")) ||
			      str_contains(said, STR("No line matches")),
		      "%.*s", STR_ARG(said));
	said = call(&arena, &tools, "search", "{\"pattern\":\"(a|aa)+[bc]$\"}");
	ck_assert_msg(str_starts(said, STR("error: pattern: it takes too many steps")), "%.*s",
		      STR_ARG(said));
}

TEST(bounds_its_answers)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct fake_file big[] = {{"big.txt", NULL, 0}};
	struct fake_source fake = {.files = big, .len = 1};
	struct source source = fake_source(&fake);
	SCOPED(tools) struct tools tools = {.source = &source};
	struct str said;

	for (int i = 0; i < 3000; i++)
		buf_addf(&text,
			 "line %d of a file that is long enough to fill any answer to the brim\n",
			 i);
	big[0].text = text.ptr;
	said = call(&arena, &tools, "read_file", "{\"path\":\"big.txt\"}");
	ck_assert(str_starts(said, STR("big.txt, lines 1 to 500 of 3000:\n")));
	ck_assert_uint_le(said.len, TOOL_ANSWER_SIZE_MAX + 100);
	said = call(&arena, &tools, "search", "{\"pattern\":\"line\"}");
	ck_assert(str_contains(said, STR("Only the first 100 matches are shown")));
}

TEST(answers_without_a_source_and_ends_when_cancelled)
{
	WITH_TOOLS(.tree_error = ERROR_CANCELLED);
	struct tools none = {0};
	struct tool_call tool_call = {.name = STR("list_files"), .allowed = &allowed};
	struct tool_answer answer;
	struct error err = {0};

	ck_assert(str_contains(call(&arena, &none, "list_files", "{}"),
			       STR("error: the files of this repository are not at hand")));
	ck_assert(!tools_call(&tools, &arena, &tool_call, &answer, &err));
	ck_assert_int_eq(err.kind, ERROR_CANCELLED);
	fake.tree_error = ERROR_SERVER;
	ck_assert(str_contains(call(&arena, &tools, "list_files", "{}"),
			       STR("error: the files of this repository cannot be listed")));
}

TEST(gives_the_schema_that_decodes_the_input)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	for (int i = 0; i < TOOL_COUNT; i++) {
		struct tool tool = tool_spec(&arena, (enum tool_kind)i);
		enum tool_kind kind;

		ck_assert(tool_find(tool.name, &kind) && (int)kind == i);
		ck_assert_str_is(value_get_string(tool.schema, "type"), STR("object"));
		ck_assert(tool.description.len > 0);
		if (i)
			ck_assert(str_cmp(tool_name((enum tool_kind)(i - 1)), tool.name) < 0);
	}
}
