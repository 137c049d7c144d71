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
			/* Only the last line's text was shortened, which cannot be detected. */
			ck_assert_uint_gt(len, sizeof(change) - 1 - strlen(" four\n"));
			continue;
		}
		ck_assert_int_eq(err.kind, ERROR_SYNTAX);
		ck_assert_ptr_nonnull(strstr(err.message, "line "));
		cuts++;
	}
	ck_assert_uint_gt(cuts, 20);
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
