/* What every unit test file shares: Check, and how a folder's suites are found. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <check.h>

#include "base/str.h"

/* Each test program defines this table, ended by NULL. */
extern Suite *(*const unit_suites[])(void);

/* Compares borrowed strings and shows both when they differ. */
#define ck_assert_str_is(actual, expected)                                                     \
	do {                                                                                   \
		struct str actual_ = (actual);                                                 \
		struct str expected_ = (expected);                                             \
		ck_assert_msg(str_eq(actual_, expected_), "%s is \"%.*s\", expected \"%.*s\"", \
			      #actual, STR_ARG(actual_), STR_ARG(expected_));                  \
	} while (0)

/* Where the shared vectors lie, or NULL when this checkout has none (then say so and skip). */
const char *unit_shared_data(void);

#endif
