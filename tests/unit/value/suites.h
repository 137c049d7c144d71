/* The suites of this folder. */
#ifndef TESTS_UNIT_VALUE_SUITES_H
#define TESTS_UNIT_VALUE_SUITES_H

#include "unit.h"

Suite *fields_suite(void);
Suite *json_suite(void);
Suite *schema_suite(void);
Suite *value_suite(void);
Suite *yaml_suite(void);

#endif
