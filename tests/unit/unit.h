/* What every unit test file includes: Check, and TEST(), which registers a test where it is written. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>

#include "base/str.h"

/* A test as TEST() registers it.  Lives in the program's data; linked in the order of registration. */
struct unit_test {
	const char *file; /* the test file, which names the suite */
	const TTest *test;
	int from, to; /* calls with _i = from .. to - 1; both 0: one call */
	struct unit_test *next;
};

/* A set-up and a clean-up that run around each test of one file. */
struct unit_fixture {
	const char *file;
	void (*set_up)(void);
	void (*clean_up)(void);
	struct unit_fixture *next;
};

void unit_register(struct unit_test *test);
void unit_register_fixture(struct unit_fixture *fixture);

/*
 * TEST(name) { … } defines a test and registers it; the name is a sentence.
 * TEST_LOOP(name, from, to) { … } runs once for each `_i` of from .. to - 1.
 */
#define TEST(name) TEST_LOOP(name, 0, 0)
#define TEST_LOOP(name, from_, to_)                                                                \
	static void name##_run(int _i);                                                            \
	static const TTest name##_test = {#name, name##_run, __FILE__, __LINE__};                  \
	__attribute__((constructor)) static void name##_register(void)                             \
	{                                                                                          \
		static struct unit_test test = {.file = __FILE__, .test = &name##_test};           \
                                                                                                   \
		test.from = (from_);                                                               \
		test.to = (to_);                                                                   \
		unit_register(&test);                                                              \
	}                                                                                          \
	static void name##_run(int _i __attribute__((unused)))

/* TEST_FIXTURE(set_up, clean_up): runs around each test of the file in which it is written. */
#define TEST_FIXTURE(set_up_, clean_up_)                                                           \
	__attribute__((constructor)) static void set_up_##_register(void)                          \
	{                                                                                          \
		static struct unit_fixture fixture = {                                             \
			.file = __FILE__, .set_up = (set_up_), .clean_up = (clean_up_)};           \
                                                                                                   \
		unit_register_fixture(&fixture);                                                   \
	}

/* Compares borrowed strings and shows both when they differ. */
#define ck_assert_str_is(actual, expected)                                                         \
	do {                                                                                       \
		struct str actual_ = (actual);                                                     \
		struct str expected_ = (expected);                                                 \
		ck_assert_msg(str_eq(actual_, expected_), "%s is \"%.*s\", expected \"%.*s\"",     \
			      #actual, STR_ARG(actual_), STR_ARG(expected_));                      \
	} while (0)

#endif
