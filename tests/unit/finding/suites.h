/* The suites of this folder. */
#ifndef TESTS_UNIT_FINDING_SUITES_H
#define TESTS_UNIT_FINDING_SUITES_H

#include "unit.h"

Suite *merge_suite(void);
Suite *place_suite(void);
Suite *report_suite(void);

#endif
