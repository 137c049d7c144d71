/* The suites of this folder. */
#ifndef TESTS_UNIT_AWS_SUITES_H
#define TESTS_UNIT_AWS_SUITES_H

#include "unit.h"

Suite *bedrock_suite(void);
Suite *chain_suite(void);
Suite *credentials_suite(void);
Suite *doctor_suite(void);
Suite *endpoints_suite(void);
Suite *errors_suite(void);
Suite *eventstream_suite(void);
Suite *flow_suite(void);
Suite *options_suite(void);
Suite *reply_suite(void);
Suite *request_suite(void);
Suite *sigv4_suite(void);

#endif
