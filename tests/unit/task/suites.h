/* The suites of this folder. */
#ifndef TESTS_UNIT_TASK_SUITES_H
#define TESTS_UNIT_TASK_SUITES_H

#include "unit.h"

Suite *task_suite(void);

#endif
