/* Diffs made for one point each. */
#include "diff/diff.h"

#include <string.h>

#include "diff/render.h"

#include "unit.h"

static const char change[] = "diff --git a/a.c b/a.c\n"
			     "index 111..222 100644\n"
			     "--- a/a.c\n"
			     "+++ b/a.c\n"
			     "@@ -10,3 +10,4 @@ int main(void)\n"
			     " one\n"
			     "-two\n"
			     "+2\n"
			     "+three\n"
			     " four\n";

TEST(finds_lines_on_both_sides)
{
	SCOPED(diff) struct diff diff = {0};
	const struct diff_hunk *hunk = NULL;
	const struct diff_line *line;
	struct error err;

	ck_assert_msg(diff_parse(str_from(change), &diff, &err), "%s", err.message);
	line = diff_line_at(&diff.files[0], SIDE_RIGHT, 12, &hunk);
	ck_assert_str_is(line->text, STR("three"));
	ck_assert_str_is(hunk->section, STR("int main(void)"));
	line = diff_line_at(&diff.files[0], SIDE_LEFT, 11, NULL);
	ck_assert_str_is(line->text, STR("two"));
	line = diff_line_at(&diff.files[0], SIDE_LEFT, 12, NULL);
	ck_assert_str_is(line->text, STR("four"));
	ck_assert_ptr_null(diff_line_at(&diff.files[0], SIDE_RIGHT, 14, NULL));
	ck_assert_ptr_null(diff_line_at(&diff.files[0], SIDE_RIGHT, 0, NULL));
}

TEST(says_at_which_line_a_diff_was_cut)
{
	size_t headers_end = (size_t)(strstr(change, "@@ -10") - change);
	size_t cuts = 0;

	/* Cut at every byte within the hunk: never taken for whole. */
	for (size_t len = headers_end + 5; len + 1 < sizeof(change) - 1; len++) {
		SCOPED(diff) struct diff diff = {0};
		struct error err = {0};

		if (diff_parse(str_of(change, len), &diff, &err)) {
			/* Only the last line's text was shortened, which nobody can tell. */
			ck_assert_uint_gt(len, sizeof(change) - 1 - strlen(" four\n"));
			continue;
		}
		ck_assert_int_eq(err.kind, ERROR_SYNTAX);
		ck_assert_ptr_nonnull(strstr(err.message, "line "));
		cuts++;
	}
	ck_assert_uint_gt(cuts, 20);
}

TEST(refuses_what_makes_no_sense)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"<html>not a diff</html>", "line 1: not a diff: it starts with \"<html>"},
		{"diff --cc a.c\n", "combined diff"},
		{"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+c\n", "line 6: a line of code outside"},
		{"--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n+b\n",
		 "line 5: the diff ends in the middle"},
		{"--- a/x\n+++ b/x\n@@ -a +1 @@\n", "line 3: a hunk's header reads"},
		{"diff --git a/x b/x\n--- a/x\n@@ -1 +1 @@\n", "\"---\" without \"+++\""},
		{"diff --git \"a/x b/x\nnew file mode 100644\n", "a file without a name"},
		{"--- a/x\n+++ b/x\n@@ -1 +0,1 @@\n-a\n+b\n", "line 3: a hunk's header reads"},
		{"--- a/x\n+++ b/x\n@@ -1,9999999999 +1 @@\n", "a hunk's header reads"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(diff) struct diff diff = {0};
		struct error err = {0};

		ck_assert_msg(!diff_parse(str_from(rows[i].text), &diff, &err), "%s", rows[i].text);
		ck_assert_msg(strstr(err.message, rows[i].message), "%s", err.message);
	}
}

TEST(renders_with_the_numbers_of_each_side)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	ck_assert(diff_parse(str_from(change), &diff, &err));
	diff_render_file(&out, &diff.files[0]);
	ck_assert_str_eq(out.ptr, "## File: a.c (modified)\n"
				  "@@ int main(void)\n"
				  "    10 |  one\n"
				  "    11 |- two\n"
				  "    11 |+ 2\n"
				  "    12 |+ three\n"
				  "    13 |  four\n");
}

TEST(content_does_not_depend_on_line_numbers)
{
	SCOPED(diff) struct diff first = {0};
	SCOPED(diff) struct diff second = {0};
	SCOPED(buf) struct buf moved = BUF_INIT;
	SCOPED(buf) struct buf a = BUF_INIT;
	SCOPED(buf) struct buf b = BUF_INIT;
	struct error err;

	buf_add_text(&moved, change);
	memcpy(strstr(moved.ptr, "@@ -10,3 +10"), "@@ -90,3 +90", 12);
	ck_assert(diff_parse(str_from(change), &first, &err));
	ck_assert(diff_parse(buf_str(&moved), &second, &err));
	diff_render_content(&a, &first.files[0]);
	diff_render_content(&b, &second.files[0]);
	ck_assert_str_eq(a.ptr, b.ptr);
}

TEST(knows_when_a_patch_is_missing)
{
	SCOPED(diff) struct diff diff = {0};
	struct diff_file_source large = {
		.path = STR_INIT("big.json"), .status = STR_INIT("modified"), .additions = 5000};
	struct diff_file_source empty = {.path = STR_INIT("empty"), .status = STR_INIT("added")};
	struct error err;

	ck_assert(diff_add_file(&diff, &large, &err));
	ck_assert(diff_add_file(&diff, &empty, &err));
	ck_assert(diff.files[0].patch_missing);
	ck_assert(!diff.files[1].patch_missing);
	ck_assert(
		diff_file_set_patch(&diff, &diff.files[0], STR("@@ -1 +1,2 @@\n-a\n+b\n+c"), &err));
	ck_assert(!diff.files[0].patch_missing);
	ck_assert_uint_eq(diff.files[0].additions, 2);
}

TEST(finds_each_of_many_files)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct diff bare;
	struct error err;

	for (int i = 0; i < 2000; i++) {
		struct diff_file_source source = {.path = arena_printf(&arena, "dir/%d.c",
								       i % 1500),
						  .status = STR_INIT("added")};

		ck_assert(diff_add_file(&diff, &source, &err));
	}
	for (size_t i = 0; i < 1500; i++)
		ck_assert_ptr_eq(diff_find(&diff, diff.files[i].path), &diff.files[i]);
	ck_assert_ptr_null(diff_find(&diff, STR("dir/1500.c")));
	/* One that was filled by hand is searched too. */
	bare = (struct diff){.files = diff.files, .len = diff.len};
	ck_assert_ptr_eq(diff_find(&bare, STR("dir/77.c")), &diff.files[77]);
}

TEST(reads_what_git_writes_about_files_without_lines)
{
	static const char text[] = "diff --git a/run b/run\n"
				   "old mode 100644\n"
				   "new mode 100755\n"
				   "diff --git \"a/t\\303\\244st\\tx\" \"b/t\\303\\244st\\tx\"\n"
				   "new file mode 100644\n"
				   "index 0000000..e69de29\n"
				   "diff --git a/pic b/pic\n"
				   "index 1..2 100644\n"
				   "GIT binary patch\n"
				   "literal 5\n"
				   "McmZ?wbhEHbWMp7uX!y@?\n"
				   "\n"
				   "literal 0\n"
				   "HcmV?d00001\n"
				   "\n"
				   "diff --git a/from b/to\n"
				   "similarity index 100%\n"
				   "copy from from\n"
				   "copy to to\n";
	SCOPED(diff) struct diff diff = {0};
	struct error err;

	ck_assert_msg(diff_parse(str_from(text), &diff, &err), "%s", err.message);
	ck_assert_uint_eq(diff.len, 4);
	ck_assert_uint_eq(diff.files[0].old_mode, 0100644);
	ck_assert_uint_eq(diff.files[0].new_mode, 0100755);
	ck_assert_str_is(diff.files[1].path, STR("t\xc3\xa4st\tx"));
	ck_assert_int_eq(diff.files[1].status, DIFF_ADDED);
	ck_assert(diff.files[2].binary);
	ck_assert_int_eq(diff.files[3].status, DIFF_COPIED);
	ck_assert_str_is(diff.files[3].old_path, STR("from"));
	ck_assert_str_is(diff.files[3].path, STR("to"));
}
