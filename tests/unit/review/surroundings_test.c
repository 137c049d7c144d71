/* Tests of what is shown around the hunks. */
#include <string.h>

#include "harness.h"
#include "review/surroundings.h"
#include "unit.h"

static const char head_text[] = "int first(void)\n"
				"{\n"
				"\treturn 1;\n"
				"}\n"
				"\n"
				"/* Puts a connection back. */\n"
				"void pool_put(struct pool *pool)\n"
				"{\n"
				"\tconst char *key = \"AKIA"
				"Q3EGRIVMZT5WXC7N\";\n"
				"\n"
				"\tlock(pool);\n"
				"\tconn->busy = 0;\n" /* 12 */
				"\tunlock(pool);\n"
				"\ttell(key);\n"
				"\ttell(key);\n"
				"\ttell(last);\n"
				"}\n" /* 17 */
				"\n"
				"int other;\n";

static const char diff_text[] = "diff --git a/src/pool.c b/src/pool.c\n"
				"--- a/src/pool.c\n"
				"+++ b/src/pool.c\n"
				"@@ -11,2 +11,3 @@ void pool_put(struct pool *pool)\n"
				" \tlock(pool);\n"
				"+\tconn->busy = 0;\n"
				" \tunlock(pool);\n";

struct one_file {
	const char *text; /* of src/pool.c; NULL: there is none */
	int reads;
};

static bool one_tree(void *ctx, struct arena *arena, struct source_tree *tree,
		     struct error *err UNUSED)
{
	const struct one_file *file = ctx;

	*tree = (struct source_tree){.files = ARENA_NEW(arena, struct source_file),
				     .len = file->text != NULL};
	tree->files[0] =
		(struct source_file){.path = STR("src/pool.c"), .id = STR("1"), .size = -1};
	return true;
}

static bool one_blob(void *ctx, struct str id UNUSED, size_t size_max UNUSED, struct buf *out,
		     struct error *err UNUSED)
{
	struct one_file *file = ctx;

	file->reads++;
	buf_add_text(out, file->text);
	return true;
}

static const struct source_ops one_ops = {.tree = one_tree, .blob = one_blob};

static struct harness *run(const char *yaml, struct one_file *file, struct source *source)
{
	struct harness *harness = harness_new(diff_text);

	*source = (struct source){&one_ops, file};
	harness->change.head = source;
	harness_agent(harness, "code", yaml);
	harness_run(harness);
	ck_assert_msg(harness->ok, "%s", harness->error.message);
	ck_assert_uint_eq(harness->calls_len, 1);
	return harness;
}

static bool shows(const struct harness *harness, const char *text)
{
	return str_contains(harness->calls[0].user_text, str_from(text));
}

TEST(the_enclosing_function_is_shown_around_a_hunk)
{
	struct one_file file = {.text = head_text};
	struct source source;
	struct harness *harness = run("prompt: See {{ diff }}\n", &file, &source);

	ck_assert(shows(harness, "@@ void pool_put(struct pool *pool)\n"
				 "     6 :  /* Puts a connection back. */\n"
				 "     7 :  void pool_put(struct pool *pool)\n"));
	ck_assert(shows(harness, "    10 :  \n"
				 "    11 |  \tlock(pool);\n"
				 "    12 |+ \tconn->busy = 0;\n"
				 "    13 |  \tunlock(pool);\n"
				 "    14 :  \ttell(key);\n"));
	ck_assert(shows(harness, "    17 :  }\n"));
	ck_assert(!shows(harness, "int other"));
	ck_assert(!shows(harness, "int first"));
	ck_assert_msg(!shows(harness, "Q3EGRIVMZT5WXC7N"), "a secret around the hunk was sent");
	ck_assert(!shows(harness, "Shown without"));
	harness_free(harness);
}

TEST(a_number_of_lines_is_shown_around_what_changed)
{
	struct one_file file = {.text = head_text};
	struct source source;
	struct harness *harness = run("prompt: See {{ diff }}\nsurroundings: 4\n", &file, &source);

	ck_assert(shows(harness, "     8 :  {\n"));
	ck_assert(shows(harness, "    16 :  \ttell(last);\n"));
	ck_assert(!shows(harness, "     7 :"));
	ck_assert(!shows(harness, "    17 :"));
	harness_free(harness);
}

TEST(three_lines_or_fewer_need_no_file)
{
	struct one_file file = {.text = head_text};
	struct source source;
	struct harness *harness = run("prompt: See {{ diff }}\nsurroundings: 3\n", &file, &source);

	ck_assert_int_eq(file.reads, 0);
	ck_assert(!shows(harness, " : "));
	harness_free(harness);
}

TEST(a_file_that_differs_from_the_change_is_named_and_not_shown)
{
	struct one_file file = {.text = "int first(void)\n{\n}\n"};
	struct source source;
	struct harness *harness = run("prompt: See {{ diff }}\n", &file, &source);

	ck_assert(!shows(harness, " :  int first"));
	ck_assert(shows(harness, "Shown without the function around them"));
	ck_assert(shows(harness, "src/pool.c, line 11\n"));
	harness_free(harness);
}

TEST(a_missing_file_is_named_and_the_review_continues)
{
	struct one_file file = {0};
	struct source source;
	struct harness *harness = run("prompt: See {{ diff }}\n", &file, &source);

	ck_assert(shows(harness, "src/pool.c, line 11\n"));
	ck_assert_int_eq(harness_row(harness, "code")->status, AGENT_DONE);
	harness_free(harness);
}

TEST(without_files_at_hand_the_change_alone_is_shown)
{
	struct harness *harness = harness_new(diff_text);

	harness_agent(harness, "code", "prompt: See {{ diff }}\n");
	harness_run(harness);
	ck_assert(!shows(harness, "Shown without"));
	ck_assert(shows(harness, "    11 |  \tlock(pool);\n"));
	harness_free(harness);
}

static bool report_outside(struct harness *harness UNUSED, const struct chat *chat,
			   struct reply *reply, struct error *err UNUSED)
{
	return reply_report(
		chat, reply,
		"{\"summary\":\"\",\"findings\":[{\"path\":\"src/pool.c\",\"line\":16,\"evidence\":\"tell(last);\",\"severity\":\"high\",\"title\":\"T\",\"body\":\"B\"}]}");
}

TEST(lines_around_a_hunk_are_not_evidence)
{
	struct harness *harness = harness_new(diff_text);
	struct one_file file = {.text = head_text};
	struct source source = {&one_ops, &file};

	harness->change.head = &source;
	harness->answer = report_outside;
	harness_agent(harness, "code", "prompt: See {{ diff }}\n");
	harness_run(harness);
	ck_assert(shows(harness, "    16 :  \ttell(last);\n"));
	ck_assert_uint_eq(harness->result.findings.len, 0);
	ck_assert_uint_eq(harness->result.unverified.len, 1);
	harness_free(harness);
}

TEST(the_largest_surroundings_are_left_out_first)
{
	struct str text[1] = {STR("0123456789")};
	struct around hunks[3] = {
		{.above = text, .above_len = 1}, {.below = text, .below_len = 1}, {0}};
	struct around *files[1] = {hunks};
	struct around_view view = {.files = files};
	struct chunk_part parts[3] = {{0, 0, 0, 1}, {0, 1, 0, 1}, {0, 2, 0, 1}};
	struct chunk chunk = {.parts = parts, .len = 3};

	around_fit(&view, &chunk, 25);
	ck_assert_uint_eq(hunks[0].above_len, 1);
	ck_assert(!hunks[0].left_out);
	ck_assert_uint_eq(hunks[1].below_len, 0);
	ck_assert(hunks[1].left_out);
	ck_assert(!hunks[2].left_out);
}
