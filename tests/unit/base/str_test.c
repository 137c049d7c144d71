/* Borrowed strings. */
#include "unit.h"

TEST(cuts_lines_and_says_whether_they_ended)
{
	struct str rest = STR("one\ntwo");
	struct str line;
	bool ended;

	ck_assert(str_next_line(&rest, &line, &ended));
	ck_assert_str_is(line, STR("one"));
	ck_assert(ended);
	ck_assert(str_next_line(&rest, &line, &ended));
	ck_assert_str_is(line, STR("two"));
	ck_assert(!ended);
	ck_assert(!str_next_line(&rest, &line, &ended));
	rest = STR("\r\n\n");
	ck_assert(str_next_line(&rest, &line, NULL));
	ck_assert_str_is(line, STR("\r"));
	ck_assert(str_next_line(&rest, &line, &ended));
	ck_assert(!line.len && ended);
	ck_assert(!str_next_line(&rest, &line, &ended));
}

TEST(gives_empty_parts_too)
{
	struct str rest = STR("a,,b,");
	struct str part;

	ck_assert(str_next_part(&rest, ',', &part));
	ck_assert_str_is(part, STR("a"));
	ck_assert(str_next_part(&rest, ',', &part));
	ck_assert_str_is(part, STR(""));
	ck_assert(str_next_part(&rest, ',', &part));
	ck_assert_str_is(part, STR("b"));
	ck_assert(str_next_part(&rest, ',', &part));
	ck_assert_str_is(part, STR(""));
	ck_assert(!str_next_part(&rest, ',', &part));
	rest = STR("");
	ck_assert(str_next_part(&rest, ',', &part));
	ck_assert(!str_next_part(&rest, ',', &part));
}

TEST(reads_the_whole_range_of_integers)
{
	static const struct str wrong[] = {
		STR_INIT("9223372036854775808"),
		STR_INIT("-9223372036854775809"),
		STR_INIT(""),
		STR_INIT("-"),
		STR_INIT("1x"),
		STR_INIT("+1"),
		STR_INIT(" 1"),
		STR_INIT("1\0"),
	};
	int64_t value = 7;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		ck_assert(!str_to_int64(wrong[i], &value));
	ck_assert_int_eq(value, 7);
	ck_assert(str_to_int64(STR("-9223372036854775808"), &value));
	ck_assert(value == INT64_MIN);
	ck_assert(str_to_int64(STR("9223372036854775807"), &value));
	ck_assert(value == INT64_MAX);
	ck_assert(str_to_int64(STR("-0"), &value));
	ck_assert_int_eq(value, 0);
}

TEST(reads_numbers_and_nothing_else)
{
	static const struct str wrong[] = {
		STR_INIT(""),      STR_INIT("nan"), STR_INIT("inf"),   STR_INIT("0x10"),
		STR_INIT("1e999"), STR_INIT("1,5"), STR_INIT("1e"),    STR_INIT("-"),
		STR_INIT("1\0"),   STR_INIT("1 "),  STR_INIT("1.2.3"),
	};
	double value = 7;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		ck_assert_msg(!str_to_double(wrong[i], &value), "%s", wrong[i].ptr);
	ck_assert_double_eq(value, 7);
	ck_assert(str_to_double(STR("-12.5e-1"), &value));
	ck_assert_double_eq(value, -1.25);
}

TEST(compares_bytes_and_ascii_letters)
{
	ck_assert(str_eq(STR_EMPTY, STR("")));
	ck_assert(!str_eq(STR("a\0b"), STR("a\0c")));
	ck_assert(str_eq_nocase(STR("Content-Type"), STR("content-type")));
	ck_assert(!str_eq_nocase(STR("a\0b"), STR("a\0c")));
	ck_assert(!str_eq_nocase(STR("@["), STR("`{")));
	ck_assert(str_starts_nocase(STR("BEARER x"), STR("bearer ")));
	ck_assert(str_starts(STR("abc"), STR("")) && str_ends(STR("abc"), STR("")));
	ck_assert(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("c"), STR("bc")));
	ck_assert_int_lt(str_cmp(STR("ab"), STR("b")), 0);
	ck_assert_int_lt(str_cmp(STR("ab"), STR("abc")), 0);
	ck_assert_int_gt(str_cmp(STR("\xff"), STR("a")), 0);
	ck_assert_int_eq(str_cmp(STR_EMPTY, STR("")), 0);
}

TEST(finds_from_a_place_on)
{
	struct str text = STR("abcabc");

	ck_assert_int_eq(str_find(text, STR("bc"), 0), 1);
	ck_assert_int_eq(str_find(text, STR("bc"), 2), 4);
	ck_assert_int_eq(str_find(text, STR("bc"), 5), -1);
	ck_assert_int_eq(str_find(text, STR(""), 6), 6);
	ck_assert_int_eq(str_find(text, STR(""), 7), -1);
	ck_assert_int_eq(str_find(STR_EMPTY, STR("a"), 0), -1);
	ck_assert_int_eq(str_find_char(text, 'c', 3), 5);
	ck_assert_int_eq(str_find_char(text, 'c', 6), -1);
	ck_assert_int_eq(str_rfind_char(text, 'a'), 3);
	ck_assert_int_eq(str_rfind_char(STR_EMPTY, 'a'), -1);
	ck_assert(str_contains(text, STR("cab")));
}

TEST(slices_are_clamped)
{
	struct str before;
	struct str after;

	ck_assert_str_is(str_slice(STR("abc"), 1, 99), STR("bc"));
	ck_assert_str_is(str_slice(STR("abc"), 3, 1), STR(""));
	ck_assert_str_is(str_skip(STR("abc"), 99), STR(""));
	ck_assert_str_is(str_trim(STR(" \t\r\n\v\f x y \n")), STR("x y"));
	ck_assert_str_is(str_trim(STR("  ")), STR(""));
	ck_assert(str_cut(STR("k=v=w"), STR("="), &before, &after));
	ck_assert_str_is(before, STR("k"));
	ck_assert_str_is(after, STR("v=w"));
	ck_assert(!str_cut(STR("k"), STR("="), &before, &after));
}

TEST(suggests_the_nearest_word)
{
	static const struct str words[] = {STR_INIT("severity"), STR_INIT("model"),
					   STR_INIT("paths")};

	ck_assert_str_is(str_nearest(STR("modle"), words, 3), STR("model"));
	ck_assert_str_is(str_nearest(STR("zebra"), words, 3), STR(""));
	ck_assert_str_is(str_nearest(STR(""), words, 3), STR(""));
	ck_assert_str_is(str_nearest(STR("x"), words, 3), STR(""));
}

TEST(parts_a_path_at_its_last_slash)
{
	ck_assert_str_is(str_folder(STR("src/a/b.c")), STR("src/a"));
	ck_assert_str_is(str_last_part(STR("src/a/b.c")), STR("b.c"));
	ck_assert_str_is(str_folder(STR("b.c")), STR_EMPTY);
	ck_assert_str_is(str_last_part(STR("b.c")), STR("b.c"));
	ck_assert_str_is(str_folder(STR("/b.c")), STR_EMPTY);
	ck_assert_str_is(str_last_part(STR("a/")), STR_EMPTY);
	ck_assert_str_is(str_last_part(STR_EMPTY), STR_EMPTY);
}

TEST(knows_whole_ids_of_git)
{
	ck_assert(str_is_git_id(STR("0123456789abcdef0123456789abcdef01234567")));
	ck_assert(!str_is_git_id(STR("0123456789abcdef0123456789abcdef0123456")));
	ck_assert(!str_is_git_id(STR("0123456789ABCDEF0123456789abcdef01234567")));
	ck_assert(!str_is_git_id(STR_EMPTY));
}

TEST(a_path_is_below_its_folders_and_no_other)
{
	ck_assert(str_is_below(STR("src/a.c"), STR("src")));
	ck_assert(str_is_below(STR("src/x/a.c"), STR("src")));
	ck_assert(!str_is_below(STR("src"), STR("src")));
	ck_assert(!str_is_below(STR("srcs/a.c"), STR("src")));
	ck_assert(str_is_within(STR("src/x/a.c"), STR("src")));
	ck_assert(str_is_within(STR("src/x/a.c"), STR("x")));
	ck_assert(str_is_within(STR("lib/src/x/a.c"), STR("src/x")));
	ck_assert(!str_is_within(STR("src/x"), STR("x")));
	ck_assert(!str_is_within(STR("src/xs/a.c"), STR("x")));
	ck_assert(!str_is_below(STR("a.c"), STR("src")));
}
