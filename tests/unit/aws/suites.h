/* The suites of this folder. */
#ifndef TESTS_UNIT_AWS_SUITES_H
#define TESTS_UNIT_AWS_SUITES_H

#include "unit.h"

Suite *endpoints_suite(void);
Suite *eventstream_suite(void);
Suite *flow_suite(void);
Suite *sigv4_suite(void);

#endif
