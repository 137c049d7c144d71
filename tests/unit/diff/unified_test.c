/* A change that is written as text is read back as the same change. */
#include "diff/unified.h"
#include "unit.h"

static const char every_form[] =
	"diff --git a/a.c b/a.c\nindex 1111111..2222222\n--- a/a.c\n+++ b/a.c\n"
	"@@ -1,3 +1,3 @@ int f(void)\n one\n-two\n+TWO\r\n three\n"
	"@@ -10,1 +10,2 @@\n ten\n+eleven\n\\ No newline at end of file\n"
	"diff --git a/new b/new\nnew file mode 100755\n--- /dev/null\n+++ b/new\n@@ -0,0 +1,1 @@\n+x\n"
	"diff --git a/old b/old\ndeleted file mode 100644\n--- a/old\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n"
	"diff --git a/from b/to\nrename from from\nrename to to\n"
	"diff --git a/run b/run\nold mode 100644\nnew mode 100755\n"
	"diff --git \"a/t\\tb\" \"b/t\\tb\"\nindex 1111111..2222222\n"
	"Binary files \"a/t\\tb\" and \"b/t\\tb\" differ\n";

TEST(what_is_written_is_read_back_as_the_same_text)
{
	SCOPED(diff) struct diff diff = {0};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err;

	ck_assert_msg(diff_parse(str_from(every_form), &diff, &err), "%s", err.message);
	ck_assert_uint_eq(diff.len, 6);
	diff_unified_add(&text, &diff);
	ck_assert_str_eq(text.ptr, every_form);
}

TEST(an_executable_bit_that_comes_or_goes_is_recognized)
{
	static const struct {
		uint32_t old_mode, new_mode;
		char expected;
	} rows[] = {
		{0, 0, ' '},
		{0100644, 0100644, ' '},
		{0100755, 0100755, ' '},
		{0100644, 0100755, '+'},
		{0100755, 0100644, '-'},
		{0, 0100755, '+'}, /* added */
		{0, 0100644, ' '},
		{0100755, 0, ' '}, /* deleted */
		{0160000, 0160000, ' '},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct diff_file file = {.old_mode = rows[i].old_mode,
					 .new_mode = rows[i].new_mode};

		ck_assert_msg(diff_file_executable(&file) == rows[i].expected, "row %zu", i);
	}
}
