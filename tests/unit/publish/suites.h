/* The suites of this folder. */
#ifndef TESTS_UNIT_PUBLISH_SUITES_H
#define TESTS_UNIT_PUBLISH_SUITES_H

#include "unit.h"

Suite *faults_suite(void);
Suite *gone_suite(void);
Suite *marker_suite(void);
Suite *match_suite(void);
Suite *publish_suite(void);
Suite *state_suite(void);

#endif
