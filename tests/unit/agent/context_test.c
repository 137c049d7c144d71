/* Whole files and paragraphs. */
#include "agent/context.h"

#include <string.h>

#include "fake_source.h"
#include "unit.h"

TEST(gives_whole_files_and_names_what_is_left_out)
{
	static const struct fake_file files[] = {
		{"docs/adr/1.md", "# One\nUse pools.\n", 0},
		{"docs/adr/2.md", NULL, 0},
		{"docs/adr/3.md", "token = \"ghp_0123456789abcdefghijklmnopqrstuvwxyz\"", 0},
		{"docs/logo.png", "\x89\0PNG", 5},
		{"src/a.c", "int a;\n", 0},
	};
	struct str globs[] = {STR("docs/**"), STR("!docs/x/**")};
	struct strings list = {.items = globs, .len = 2};
	struct fake_source fake = {.files = files, .len = ARRAY_LEN(files)};
	struct source source = fake_source(&fake);
	SCOPED(context) struct context context = {.source = &source};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	ck_assert(context_add_files(&context, &list, &out, &err));
	ck_assert(str_starts(
		buf_str(&out),
		STR("## File: docs/adr/1.md\n# One\nUse pools.\n\n## File: docs/adr/3.md\n")));
	ck_assert(!str_contains(buf_str(&out), STR("ghp_0123")));
	ck_assert(
		str_ends(buf_str(&out), STR("Left out:\n- docs/adr/2.md: not at hand in this run\n"
					    "- docs/logo.png: binary\n")));
}

TEST(stops_at_its_size)
{
	static char large[CONTEXT_SIZE_MAX / 2 + 1];
	struct fake_file files[] = {{"a.md", large, 0}, {"b.md", large, 0}, {"c.md", "small\n", 0}};
	struct str globs[] = {STR("*.md")};
	struct strings list = {.items = globs, .len = 1};
	struct fake_source fake = {.files = files, .len = ARRAY_LEN(files)};
	struct source source = fake_source(&fake);
	SCOPED(context) struct context context = {.source = &source};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	memset(large, 'x', sizeof(large) - 1);
	ck_assert(context_add_files(&context, &list, &out, &err));
	ck_assert(str_ends(buf_str(&out),
			   STR("## File: c.md\nsmall\n\nLeft out:\n- b.md: no room left\n")));
}

TEST(goes_on_without_a_tree_but_not_when_cancelled)
{
	struct str globs[] = {STR("**")};
	struct strings list = {.items = globs, .len = 1};
	struct fake_source fake = {.tree_error = ERROR_CANCELLED};
	struct source source = fake_source(&fake);
	SCOPED(context) struct context context = {.source = &source};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	ck_assert(!context_add_files(&context, &list, &out, &err));
	ck_assert_int_eq(err.kind, ERROR_CANCELLED);
	fake.tree_error = ERROR_SERVER;
	ck_assert(context_add_files(&context, &list, &out, &err));
	ck_assert_uint_eq(out.len, 0);
}

TEST(splits_documents_under_their_headings)
{
	static const char text[] =
		"# Pools\n"
		"\n"
		"Connections are pooled. This paragraph is long enough to be separate, since it has more than two hundred bytes, which is the smallest size that a paragraph may have before the empty line behind it ends it.\n"
		"\n"
		"Short tail.\n"
		"\n"
		"## Locks\n"
		"```c\n"
		"# not a heading\n"
		"\n"
		"int lock;\n"
		"```\n";
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(paragraphs) struct paragraphs paragraphs = {0};
	SCOPED(buf) struct buf out = BUF_INIT;

	paragraphs_split(&arena, STR("d.md"), str_from(text), &paragraphs);
	ck_assert_uint_eq(paragraphs.len, 3);
	ck_assert_str_is(paragraphs.items[0].heading, STR("Pools"));
	ck_assert_int_eq((int)paragraphs.items[0].line, 3);
	ck_assert_str_is(paragraphs.items[1].text, STR("Short tail."));
	ck_assert_str_is(paragraphs.items[2].heading, STR("Locks"));
	ck_assert_str_is(paragraphs.items[2].text, STR("```c\n# not a heading\n\nint lock;\n```"));
	ck_assert_str_is(paragraph_text(&arena, &paragraphs.items[1]), STR("Pools\nShort tail."));
	paragraph_add(&out, &paragraphs.items[1]);
	ck_assert_str_is(buf_str(&out), STR("d.md:5 (Pools)\nShort tail.\n\n"));
}

TEST(bounds_every_paragraph)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(paragraphs) struct paragraphs paragraphs = {0};
	SCOPED(buf) struct buf text = BUF_INIT;

	for (int i = 0; i < 1000; i++)
		buf_addf(&text, "line %d without any empty line between it and the next\n", i);
	buf_add_many(&text, 'y', 100000);
	paragraphs_split(&arena, STR("d.md"), buf_str(&text), &paragraphs);
	ck_assert_uint_gt(paragraphs.len, 20);
	for (size_t i = 0; i < paragraphs.len; i++)
		ck_assert_uint_le(paragraphs.items[i].text.len, PARAGRAPH_SIZE_MAX);
}

TEST(compares_vectors_by_their_angle)
{
	static const float values[] = {1, 0, 0, 1, 0, 0};
	static const float query[] = {2, 0};

	ck_assert_double_eq(vector_cosine(values, query, 2), 1);
	ck_assert_double_eq(vector_cosine(values + 2, query, 2), 0);
	ck_assert_double_eq(vector_cosine(values + 4, query, 2), 0);
}
