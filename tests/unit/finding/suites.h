/* The suites of this folder. */
#ifndef TESTS_UNIT_FINDING_SUITES_H
#define TESTS_UNIT_FINDING_SUITES_H

#include "unit.h"

Suite *evidence_suite(void);
Suite *merge_suite(void);
Suite *place_suite(void);
Suite *report_suite(void);
Suite *reviewers_suite(void);
Suite *script_suite(void);

#endif
