/* The suites of this folder. */
#ifndef TESTS_UNIT_EMULATOR_SUITES_H
#define TESTS_UNIT_EMULATOR_SUITES_H

#include "unit.h"

Suite *faults_suite(void);
Suite *route_suite(void);

#endif
