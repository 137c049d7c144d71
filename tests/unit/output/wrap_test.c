/* Text folded at the width of a terminal. */
#include "output/wrap.h"

#include "unit.h"

TEST(folds_between_words_and_never_inside_one)
{
	static const struct {
		const char *text;
		struct wrap wrap;
		const char *expected;
	} rows[] = {
		{"one two three", {0, 0, 8}, "one two\nthree"},
		{"one two three", {2, 4, 9}, "one two\n    three"},
		{"one two", {0, 0, 7}, "one two"},
		{"a https://example.test/long b", {0, 2, 8}, "a\n  https://example.test/long\n  b"},
		{"  - item that hangs", {0, 4, 12}, "  - item\n    that\n    hangs"},
		{"columns   stay", {0, 0, 40}, "columns   stay"},
		{"ends in blanks   ", {0, 0, 40}, "ends in blanks"},
		{"", {0, 0, 8}, ""},
		{"a\033[31mb", {0, 0, 40}, "a\\x1b[31mb"},
		{"ne\u0301 ne\u0301 n", {0, 0, 5}, "ne\u0301 ne\u0301\nn"},
		{"日本語です", {0, 0, 6}, "日本語\nです"},
		{"日本語。です", {0, 0, 6}, "日本\n語。で\nす"},
		{"word日本", {0, 0, 6}, "word日\n本"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		SCOPED(buf) struct buf out = BUF_INIT;

		wrap_add(&out, str_from(rows[i].text), &rows[i].wrap);
		ck_assert_str_eq(out.ptr ? out.ptr : "", rows[i].expected);
	}
}
