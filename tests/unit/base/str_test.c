/* Borrowed strings. */
#include "unit.h"

#include "suites.h"

START_TEST(cuts_lines_and_says_whether_they_ended)
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
}
END_TEST

START_TEST(reads_the_whole_range_of_integers)
{
	int64_t value = 0;

	ck_assert(str_to_int64(STR("-9223372036854775808"), &value));
	ck_assert(value == INT64_MIN);
	ck_assert(str_to_int64(STR("9223372036854775807"), &value));
	ck_assert(value == INT64_MAX);
	ck_assert(!str_to_int64(STR("9223372036854775808"), &value));
	ck_assert(!str_to_int64(STR(""), &value));
	ck_assert(!str_to_int64(STR("1x"), &value));
}
END_TEST

START_TEST(suggests_the_nearest_word)
{
	static const struct str words[] = {STR_INIT("severity"), STR_INIT("model"), STR_INIT("paths")};

	ck_assert_str_is(str_nearest(STR("modle"), words, 3), STR("model"));
	ck_assert_str_is(str_nearest(STR("zebra"), words, 3), STR(""));
}
END_TEST

Suite *str_suite(void)
{
	Suite *suite = suite_create("str");
	TCase *tcase = tcase_create("str");

	tcase_add_test(tcase, cuts_lines_and_says_whether_they_ended);
	tcase_add_test(tcase, reads_the_whole_range_of_integers);
	tcase_add_test(tcase, suggests_the_nearest_word);
	suite_add_tcase(suite, tcase);
	return suite;
}
