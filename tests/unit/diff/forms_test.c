/* The many forms of a diff: what each is read as, or refused with. */
#include "diff/diff.h"

#include <string.h>

#include "base/quote.h"
#include "diff/render.h"

#include "unit.h"

#define HUNK "@@ -1 +1 @@\n-x\n+y\n"
#define CODE "diff --git a/r.c b/r.c\nindex 1..2 100644\n--- a/r.c\n+++ b/r.c\n" HUNK

/* "modified a.c; renamed b.c (was c.c)", with "binary", "missing" and the count of lines; or the error. */
static struct str list(struct arena *arena, struct str text)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	if (!diff_parse(text, &diff, &err))
		return arena_str(arena, str_from(err.message));
	for (size_t i = 0; i < diff.len; i++) {
		const struct diff_file *file = &diff.files[i];

		buf_addf(&out, "%s%s ", i ? "; " : "", diff_status_name(file->status));
		quote_add(&out, file->path);
		if (!str_eq(file->path, file->old_path))
			buf_addf(&out, " (was %.*s)", STR_ARG(file->old_path));
		buf_addf(&out, "%s%s +%u -%u", file->binary ? " binary" : "",
			 file->patch_missing ? " missing" : "", file->additions, file->deletions);
	}
	return arena_str(arena, buf_str(&out));
}

struct row {
	const char *text, *expected;
};

static void check_rows(const struct row *rows, size_t count)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < count; i++) {
		struct str seen = list(&arena, str_from(rows[i].text));

		ck_assert_msg(str_starts(seen, str_from(rows[i].expected)), "%s\n is %.*s\n not %s",
			      rows[i].text, STR_ARG(seen), rows[i].expected);
	}
}

TEST(a_file_named_in_one_line_is_listed)
{
	static const struct row rows[] = {
		{CODE "Submodule lib 5f1e185..e64064e:\n  > update\n  < old\n",
		 "modified r.c +1 -1; modified lib missing +0 -0"},
		{"Submodule my lib 5f1e185...e64064e (rewind):\n  < x\n",
		 "modified my lib missing"},
		{"Submodule lib 0000000...e64064e (new submodule)\n", "added lib missing"},
		{"Submodule lib e64064e...0000000 (submodule deleted)\n", "deleted lib missing"},
		{"Submodule lib e64064e...1234567 (commits not present)\n",
		 "modified lib missing +0 -0"},
		{"Submodule lib contains modified content\n" CODE,
		 "modified lib missing +0 -0; modified r.c"},
		{"diff -ru old/a.c new/a.c\n--- old/a.c\t2024-01-01\n+++ new/a.c\t2024-01-02\n" HUNK
		 "Only in new: evil.c\nOnly in old/sub: gone.c\n",
		 "modified a.c +1 -1; added evil.c missing +0 -0; deleted sub/gone.c missing"},
		{"Only in new: evil.c\n", "modified new/evil.c missing"},
		{"--- old/a.c\t2024-01-01\n+++ new/a.c\t2024-01-02\n" HUNK
		 "Binary files old/b and c.so and new/b and c.so differ\n",
		 "modified a.c +1 -1; modified b and c.so binary +0 -0"},
		{"Files old/a.c and new/a.c differ\n", "modified a.c missing"},
		{"* Unmerged path a.c\n" CODE, "modified a.c missing +0 -0; modified r.c +1 -1"},
		{"* Unmerged path r.c\n" CODE, "modified r.c +1 -1"},
		{"diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n",
		 "modified run.sh +0 -0"},
		{"diff --git a/p.png b/p.png\nnew file mode 100644\nindex 0000000..1234567\nBinary files /dev/null and b/p.png differ\n",
		 "added p.png binary"},
		{"diff --git a/s.c b/s.c\nindex 1234567..2345678 100644\n", "modified s.c missing"},
		{"diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n",
		 "added e +0 -0"},
		{"Index: a/b.c\n=====================\n--- a/b.c\t(revision 1)\n+++ a/b.c\t(working copy)\n" HUNK
		 "Index: empty\n=====================\n",
		 "modified a/b.c +1 -1; modified empty missing"},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

TEST(a_line_that_is_not_of_a_diff_is_an_error_with_its_number)
{
	static const struct row rows[] = {
		{CODE "warning: LF will be replaced by CRLF\n",
		 "line 8: \"warning: LF will be replaced by CRLF\" is not a line of a diff"},
		{"diff --cc a.c\nindex 1,2..3\n", "line 1: a combined diff"},
		{CODE "diff --combined a.c\n", "line 8: a combined diff"},
		{"diff --git a/a b/a\nindex 1,2..3\n", "line 2: a combined diff"},
		{"\033[1mdiff --git a/a.c b/a.c\033[m\n", "line 1: the diff is colored"},
		{"<html>", "line 1: not a diff: it starts with \"<html>\""},
		{" a.c | 2 +-\n", "line 1: not a diff: it starts with \"a.c"},
		{CODE CODE, "line 8: the same file a second time"},
		{"@@ -1 +1 @@\n-x\n+y\n", "line 1: a hunk before any file's header"},
	};
	SCOPED(arena) struct arena arena = ARENA_INIT;

	check_rows(rows, ARRAY_LEN(rows));
	ck_assert(str_contains(list(&arena, str_of("\xff\xfe"
						   "d\0i\0",
						   6)),
			       STR("UTF-16")));
	ck_assert(str_contains(list(&arena, str_of("d\0i\0f\0", 6)), STR("UTF-16")));
	ck_assert(str_contains(list(&arena, str_of("\0d\0i", 4)), STR("UTF-16")));
}

#define MAIL                                                                                       \
	"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\n"  \
	"Subject: [PATCH] x\n\nOnly in rare cases: this.\n---\n r.c | 2 +-\n 1 file changed\n\n"
#define SHOW "commit 0123456789012345678901234567890123456789\nAuthor: A <a@b>\n\n    x\n\n"

TEST(one_patch_is_read_and_a_series_is_refused)
{
	static const struct row rows[] = {
		{MAIL CODE "-- \n2.39.2\n\n", "modified r.c +1 -1"},
		{MAIL CODE "-- \n2.39.2\n\n_____\nlist mailing list\n", "modified r.c +1 -1"},
		{SHOW CODE, "modified r.c +1 -1"},
		{SHOW "Submodule lib 5f1e185..e64064e:\n  > x\n", "modified lib missing +0 -0"},
		{"Subject: x\n\nText\n" CODE, "modified r.c +1 -1"},
		{"# HG changeset patch\n# User a\nText\n" CODE, "modified r.c +1 -1"},
		{CODE "-- \n2.39.2\n\n", "modified r.c +1 -1"},
		{CODE "-- \n2.39.2\nmore\n", "line 10: \"more\""},
		{MAIL CODE "-- \n2.39.2\n\n" MAIL, "line 20: a second patch starts here: a series"},
		{SHOW CODE "\n" SHOW, "line 14: a second patch starts here: a series"},
		{MAIL, "no changed file in this patch"},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

#define GIT(old_name, new_name)                                                                    \
	"diff --git " old_name " " new_name "\nindex 1..2 100644\n--- " old_name "\n+++ " new_name \
	"\n" HUNK
#define NEW_GIT(old_name, new_name)                                                                \
	"diff --git " old_name " " new_name                                                        \
	"\nnew file mode 100644\nindex 0..2\n--- /dev/null\n+++ " new_name "\n@@ -0,0 +1 @@\n+y\n"

TEST(prefixes_are_what_the_input_says)
{
	static const struct row rows[] = {
		{GIT("a/a/x.c", "b/a/x.c"), "modified a/x.c +"},
		{GIT("c/main.c", "c/main.c"), "modified c/main.c +"},
		{GIT("a/m.c", "a/m.c"), "modified a/m.c +"},
		{GIT("i/o/m.c", "w/o/m.c"), "modified o/m.c +"},
		{GIT("old/dir/m.c", "newer/dir/m.c"), "modified dir/m.c +"},
		{GIT("src/old/m.c", "src/new/m.c"), "modified m.c +"},
		{GIT("b/m.c", "a/m.c"), "modified m.c +"},
		{GIT("a/old/x.c", "b/new/x.c"), "modified new/x.c (was old/x.c)"},
		{NEW_GIT("b/m.c", "b/m.c"), "added b/m.c +"},
		{NEW_GIT("old/w/m.c", "newer/w/m.c"), "added w/m.c +"},
		{NEW_GIT("a/a b/x y", "b/a b/x y"), "added a b/x y +"},
		{"diff --git old/x y newer/x y\nold mode 100644\nnew mode 100755\n",
		 "modified x y +0"},
		{"diff --git a/x b/x b/x b/x\nold mode 100644\nnew mode 100755\n",
		 "modified x b/x +0"},
		{"diff --git w/from w/to\nsimilarity index 100%\nrename from w/from\nrename to w/to\n",
		 "renamed w/to (was w/from)"},
		{"--- a/x.c\n+++ a/x.c\n" HUNK, "modified a/x.c +"},
		{"--- a/x.c\n+++ b/x.c\n" HUNK, "modified x.c +"},
		{"--- /dev/null\n+++ b/x.c\n@@ -0,0 +1 @@\n+y\n", "added x.c +"},
		{"--- w/a.c\n+++ w/a.c\n" HUNK "--- /dev/null\n+++ b/x.c\n@@ -0,0 +1 @@\n+y\n",
		 "modified w/a.c +1 -1; added b/x.c +"},
		{"--- old/n.c\t1970-01-01 00:00:00.000000000 +0000\n+++ new/n.c\t2024-01-02\n@@ -0,0 +1 @@\n+y\n",
		 "added n.c +"},
		{"--- a.c.orig\n+++ a.c\n" HUNK, "modified a.c (was a.c.orig)"},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

TEST(file_names_are_bytes)
{
	static const struct row rows[] = {
		{GIT("a/x ", "b/x "), "modified \"x \" +"},
		{"diff --git a/ x  b/ x \nold mode 100644\nnew mode 100755\n",
		 "modified \" x \" +"},
		{"diff --git a/x  b/y \nsimilarity index 100%\nrename from x \nrename to y \n",
		 "renamed \"y \" (was x )"},
		{GIT("\"a/t\\tb\\\"q\\\\\\n## File: e\"", "\"b/t\\tb\\\"q\\\\\\n## File: e\""),
		 "modified \"t\\tb\\\"q\\\\\\n## File: e\" +"},
		{GIT("\"a/\\303\\244\"", "\"b/\\303\\244\""), "modified \xc3\xa4 +"},
		{GIT("\"a/\\344\"", "\"b/\\344\""), "modified \"\\344\" +"},
		{GIT("\"c/\\303\\244\"", "\"c/\\303\\244\""), "modified c/\xc3\xa4 +"},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

TEST(line_ends_that_a_tool_changed_are_not_part_of_the_code)
{
	SCOPED(diff) struct diff diff = {0};
	struct error err;

	ck_assert(diff_parse(STR("\xef\xbb\xbf--- a/x\r\n+++ b/x\r\n@@ -1,2 +1 @@\r\n-a\r\n \r\n"),
			     &diff, &err));
	ck_assert_str_is(diff.files[0].path, STR("x"));
	ck_assert_str_is(diff.files[0].hunks[0].lines[0].text, STR("a"));
}

TEST(a_file_name_cannot_forge_a_header)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct diff_file_source source = {.path = STR_INIT("a\n## File: b.c (deleted)"),
					  .old_path = STR_INIT("c\xe2\x80\xa8"
							       "d"),
					  .status = STR_INIT("renamed")};
	struct error err;

	ck_assert(diff_add_file(&diff, &source, &err));
	diff_render_header(&out, &diff.files[0]);
	ck_assert_str_eq(
		out.ptr,
		"## File: \"a\\n## File: b.c (deleted)\" (renamed, was \"c\\342\\200\\250d\")\n");
	ck_assert_ptr_eq(diff_find(&diff, STR("\"a\\n## File: b.c (deleted)\"")), &diff.files[0]);
	ck_assert_ptr_null(diff_find(&diff, STR("\"a\\n")));
}

TEST(a_file_without_patch_and_lines_is_compared_unless_it_is_empty)
{
	SCOPED(diff) struct diff diff = {0};
	const struct str binary = STR("0123456789012345678901234567890123456789");
	const struct str empty = STR("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
	const struct {
		struct str status, id;
		bool missing;
	} rows[] = {
		{STR_INIT("added"), binary, true},      {STR_INIT("added"), empty, false},
		{STR_INIT("modified"), binary, true},   {STR_INIT("renamed"), binary, false},
		{STR_INIT("unchanged"), binary, false}, {STR_INIT("removed"), binary, true},
	};
	struct error err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct diff_file_source source = {
			.path = STR_INIT("x"), .status = rows[i].status, .new_id = rows[i].id};

		ck_assert(diff_add_file(&diff, &source, &err));
		ck_assert(diff.files[i].patch_missing == rows[i].missing);
	}
}
