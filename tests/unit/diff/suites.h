/* The suites of this folder. */
#ifndef TESTS_UNIT_DIFF_SUITES_H
#define TESTS_UNIT_DIFF_SUITES_H

#include "unit.h"

Suite *diff_suite(void);
Suite *truth_suite(void);

#endif
