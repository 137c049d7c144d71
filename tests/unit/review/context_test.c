/* Tests of what agents are given besides the change, and of their tools over a source. */
#include <string.h>

#include "harness.h"
#include "unit.h"

/* A source of a few files; an id is the file's index. */
static const struct {
	const char *path, *text;
} files[] = {
	{"docs/adr/1.md",
	 "# Locking\n\nEvery pool takes its lock before it touches a connection.\n"},
	{"docs/guide.md",
	 "# Money\n\nAmounts of money are whole cents, never fractions of anything else, in the database as well as in memory, and each is written with its currency.\n\n"
	 "# Paint\n\nThe color of a button follows the theme of the page; nobody chooses it by hand, neither in a template nor in a script, and tests hold the pages to it.\n\n"
	 "# Threads\n\nA lock is held for as short a time as can be, and never while something waits for the network or the disk; a thread that needs longer copies what it needs.\n"},
	{"src/pool.h", "void pool_put(struct pool *pool);\n"},
};

static bool files_tree(void *ctx UNUSED, struct arena *arena, struct source_tree *tree,
		       struct error *err UNUSED)
{
	*tree = (struct source_tree){.files = ARENA_ARRAY(arena, struct source_file,
							  ARRAY_LEN(files)),
				     .len = ARRAY_LEN(files)};
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		tree->files[i] = (struct source_file){.path = str_from(files[i].path),
						      .id = arena_printf(arena, "%zu", i),
						      .size = (int64_t)strlen(files[i].text)};
	return true;
}

static bool files_blob(void *ctx UNUSED, struct str id, size_t size_max UNUSED, struct buf *out,
		       struct error *err UNUSED)
{
	int64_t idx = -1;

	ck_assert(str_to_int64(id, &idx) && idx >= 0 && idx < (int64_t)ARRAY_LEN(files));
	buf_add_text(out, files[idx].text);
	return true;
}

static const struct source_ops files_ops = {.tree = files_tree, .blob = files_blob};
static const struct source files_source = {.ops = &files_ops};

static const char diff_text[] = "diff --git a/src/pool.c b/src/pool.c\n"
				"--- a/src/pool.c\n"
				"+++ b/src/pool.c\n"
				"@@ -10,2 +10,3 @@ void pool_put(struct pool *pool)\n"
				" \tlock(pool);\n"
				"+\tconn->busy = 0;\n"
				" \tunlock(pool);\n";

static struct harness *run_with_files(const char *yaml, answer_fn *answer)
{
	struct harness *harness = harness_new(diff_text);

	harness_model(harness, "titan");
	harness->change.head = harness->change.base = &files_source;
	harness_agent(harness, "code", yaml);
	if (answer)
		harness->answer = answer;
	harness_run(harness);
	ck_assert_msg(harness->ok, "%s", harness->error.message);
	return harness;
}

TEST(whole_files_are_given_by_glob)
{
	struct harness *harness = run_with_files("prompt: \"Keep to {{ context }} {{ diff }}\"\n"
						 "context: { files: [docs/adr/**] }\n",
						 NULL);

	ck_assert(str_contains(harness->calls[0].user_text, STR("takes its lock before")));
	ck_assert(!str_contains(harness->calls[0].user_text, STR("whole cents")));
	harness_free(harness);
}

TEST(the_paragraphs_nearest_to_the_change_are_given)
{
	struct harness *harness = run_with_files(
		"prompt: \"Keep to {{ context }} {{ diff }}\"\n"
		"context: { retrieve: { paths: ['docs/guide.md'], embedder: titan, top_k: 1 } }\n",
		NULL);

	ck_assert(str_contains(harness->calls[0].user_text, STR("as short a time as can be")));
	ck_assert(!str_contains(harness->calls[0].user_text, STR("whole cents")));
	ck_assert(!str_contains(harness->calls[0].user_text, STR("theme of the page")));
	ck_assert_uint_eq(harness->result.notices_len, 0);
	harness_free(harness);
}

TEST(an_embedder_that_is_missing_is_a_notice_not_a_failure)
{
	struct harness *harness = run_with_files(
		"prompt: \"Keep to {{ context }} {{ diff }}\"\n"
		"context: { retrieve: { paths: ['docs/**'], embedder: nobody, top_k: 1 } }\n",
		NULL);

	ck_assert_int_eq(harness_row(harness, "code")->status, AGENT_DONE);
	ck_assert_uint_eq(harness->result.notices_len, 1);
	ck_assert(str_contains(harness->result.notices[0], STR("without all of its context")));
	harness_free(harness);
}

static bool read_then_nothing(struct harness *harness, const struct chat *chat, struct reply *reply,
			      struct error *err)
{
	if (harness->calls_len > 1)
		return answer_nothing(harness, chat, reply, err);
	reply_tool(chat, reply, "read_file", "{\"path\": \"src/pool.h\"}");
	return reply_tool(chat, reply, "search", "{\"pattern\": \"pool_put\"}");
}

TEST(tools_read_the_files_of_the_head_commit)
{
	struct harness *harness = run_with_files(
		"prompt: \"Look. {{ diff }}\"\ntools: [read_file]\n", read_then_nothing);
	const struct agent_result *row = harness_row(harness, "code");

	ck_assert_int_eq(row->tool_calls, 2);
	ck_assert_int_eq(row->tool_calls_refused, 1); /* search is not among its tools */
	ck_assert(str_contains(harness->calls[1].last_text,
			       STR("void pool_put(struct pool *pool);")));
	harness_free(harness);
}

/* Two agents say the same in words that have nothing in common. */
static bool answer_in_own_words(struct harness *harness UNUSED, const struct chat *chat,
				struct reply *reply, struct error *err UNUSED)
{
	bool first = str_eq(chat->origin.agent, STR("code"));

	return reply_report(
		chat, reply,
		first ? "{\"summary\": \"s\", \"findings\": [{\"path\": \"src/pool.c\", \"line\": 11, \"severity\": \"high\", \"title\": \"Missing lock around busy flag\", \"body\": \"lock\", \"evidence\": \"conn->busy = 0;\"}]}"
		      : "{\"summary\": \"s\", \"findings\": [{\"path\": \"src/pool.c\", \"line\": 11, \"severity\": \"low\", \"title\": \"Two threads may clash here\", \"body\": \"Nobody takes the lock.\", \"evidence\": \"conn->busy = 0;\"}]}");
}

static size_t count_findings(bool by_meaning)
{
	struct harness *harness = harness_new(diff_text);
	const struct model *titan = harness_model(harness, "titan");

	harness->review.embedder = by_meaning ? titan : NULL;
	harness->answer = answer_in_own_words;
	harness_agent(harness, "code", "prompt: Review. {{ diff }}\n");
	harness_agent(harness, "security", "prompt: Review. {{ diff }}\n");
	harness_run(harness);
	ck_assert(harness->ok);
	size_t len = harness->result.findings.len;
	harness_free(harness);
	return len;
}

TEST(findings_are_merged_by_meaning_when_there_is_an_embedder)
{
	ck_assert_uint_eq(count_findings(false), 2);
	ck_assert_uint_eq(count_findings(true), 1);
}
