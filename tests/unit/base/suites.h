/* The suites of this folder. */
#ifndef TESTS_UNIT_BASE_SUITES_H
#define TESTS_UNIT_BASE_SUITES_H

#include "unit.h"

Suite *glob_suite(void);
Suite *redact_suite(void);
Suite *str_suite(void);

#endif
