/* What the base version's .gitattributes say. */
#include "review/attributes.h"

#include "review/rules.h"
#include "unit.h"

/* A source of a few files; an id is the file's index. */
static const struct {
	const char *path, *text;
} files[] = {
	{".gitattributes",
	 "# generated\napi/*.go linguist-generated=true\n*.gen.ts linguist-generated text\n"
	 "/root.c linguist-generated\ngone/ linguist-generated\n\"a b.c\" linguist-generated\n"
	 "*.pb.cc -linguist-generated\ndocs/** -linguist-generated\n*.pb.go !linguist-generated\nlist.c linguist-generated=false\n"
	 "{x,y}.c linguist-generated\nz.c linguist-generatedness\n"},
	{"lib/.gitattributes", "*.gen.ts -linguist-generated\nsub/*.c linguist-generated\n"},
	{"other/.gitattributes", "* linguist-generated\n"},
	{"mine.gitattributes", "* linguist-generated\n"},
};

static bool files_tree(void *ctx UNUSED, struct arena *arena, struct source_tree *tree,
		       struct error *err UNUSED)
{
	*tree = (struct source_tree){.files = ARENA_ARRAY(arena, struct source_file,
							  ARRAY_LEN(files)),
				     .len = ARRAY_LEN(files)};
	for (size_t i = 0; i < tree->len; i++)
		tree->files[i] = (struct source_file){.path = str_from(files[i].path),
						      .id = arena_printf(arena, "%zu", i)};
	return true;
}

static bool files_blob(void *ctx UNUSED, struct str id, size_t size_max UNUSED, struct buf *out,
		       struct error *err)
{
	int64_t idx;

	if (!str_to_int64(id, &idx))
		return error_set(err, ERROR_NOT_FOUND, "no such blob");
	buf_add_text(out, files[idx].text);
	return true;
}

static const struct source_ops files_ops = {.tree = files_tree, .blob = files_blob};
static const struct source files_source = {.ops = &files_ops};

/* Reads what counts for a change of these paths, one a line. */
static void read_for(const char *const *paths, size_t len, struct attributes *attributes,
		     struct arena *arena)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err;

	for (size_t i = 0; i < len; i++)
		buf_addf(&text, "--- \"a/%s\"\n+++ \"b/%s\"\n@@ -1 +1 @@\n-a\n+b\n", paths[i],
			 paths[i]);
	ck_assert_msg(diff_parse(buf_str(&text), &diff, &err), "%s", err.message);
	attributes_read(attributes, &files_source, &diff, arena);
}

TEST(linguist_generated_is_read_as_github_reads_it)
{
	static const struct {
		const char *path;
		int generated;
	} rows[] = {
		{"api/a.go", 1},      {"api/x/a.go", 0},     {"web/a.gen.ts", 1},
		{"lib/a.gen.ts", -1}, {"lib/sub/a.c", 1},    {"sub/a.c", 0},
		{"root.c", 1},        {"lib/root.c", 0},     {"gone/a.c", 0},
		{"a b.c", 1},         {"docs/a.gen.ts", -1}, {"api/a.pb.go", 0},
		{"list.c", -1},       {"{x,y}.c", 1},        {"x.c", 0},
		{"z.c", 0},           {"otherwise.c", 0},
	};
	static const char *const paths[] = {"lib/a.c", "a.c"};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct attributes attributes;

	read_for(paths, ARRAY_LEN(paths), &attributes, &arena);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		ck_assert_msg(attributes_generated(&attributes, str_from(rows[i].path)) ==
				      rows[i].generated,
			      "%s", rows[i].path);
}

TEST(a_change_hides_nothing_by_attributes_that_it_writes)
{
	static const char *const paths[] = {"root.c", ".gitattributes"};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct attributes attributes;

	read_for(paths, ARRAY_LEN(paths), &attributes, &arena);
	ck_assert_uint_eq(attributes.len, 0);
	attributes_read(&attributes, NULL, NULL, &arena);
	ck_assert_uint_eq(attributes.len, 0);
}

TEST(attributes_overrule_what_a_name_suggests)
{
	static const char *const paths[] = {"a.c"};
	static const struct {
		const char *path;
		bool skip;
	} rows[] = {
		{"root.c", true}, {"api/a.pb.go", true}, {"x/a.pb.cc", false}, {"a.pb.h", true}};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct diff_line lines[1] = {{.text = STR("x"), .new_line = 1, .kind = LINE_ADDED}};
	struct diff_hunk hunk = {.new_start = 1, .new_len = 1, .lines = lines, .len = 1};
	struct rules rules = {0};

	read_for(paths, ARRAY_LEN(paths), &rules.attributes, &arena);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct diff_file file = {.path = str_from(rows[i].path), .hunks = &hunk, .len = 1};
		struct rule_verdict verdict = rules_judge(&rules, &file, &arena);

		ck_assert_msg(verdict.skip == rows[i].skip && verdict.by_rule == rows[i].skip, "%s",
			      rows[i].path);
	}
}
