/* The suites of this folder. */
#ifndef TESTS_UNIT_BASE_SUITES_H
#define TESTS_UNIT_BASE_SUITES_H

#include "unit.h"

Suite *clock_suite(void);
Suite *encode_suite(void);
Suite *env_suite(void);
Suite *error_suite(void);
Suite *file_suite(void);
Suite *glob_suite(void);
Suite *log_suite(void);
Suite *memory_suite(void);
Suite *redact_suite(void);
Suite *str_suite(void);

#endif
