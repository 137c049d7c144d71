/* The suites of this folder. */
#ifndef TESTS_UNIT_CLI_SUITES_H
#define TESTS_UNIT_CLI_SUITES_H

#include "unit.h"

Suite *inputs_suite(void);
Suite *joining_suite(void);
Suite *openai_suite(void);
Suite *options_suite(void);

#endif
