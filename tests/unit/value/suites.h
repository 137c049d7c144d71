/* The suites of this folder. */
#ifndef TESTS_UNIT_VALUE_SUITES_H
#define TESTS_UNIT_VALUE_SUITES_H

#include "unit.h"

Suite *json_suite(void);
Suite *value_suite(void);

#endif
