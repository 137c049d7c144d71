/* The suites of this folder. */
#ifndef TESTS_UNIT_SOURCE_SUITES_H
#define TESTS_UNIT_SOURCE_SUITES_H

#include "unit.h"

Suite *repository_suite(void);

#endif
