/* The suites of this folder. */
#ifndef TESTS_UNIT_OUTPUT_SUITES_H
#define TESTS_UNIT_OUTPUT_SUITES_H

#include "unit.h"

Suite *display_suite(void);
Suite *golden_suite(void);
Suite *line_hash_suite(void);
Suite *pages_suite(void);
Suite *sanitize_suite(void);

#endif
