/* The suites of this folder. */
#ifndef TESTS_UNIT_GITHUB_SUITES_H
#define TESTS_UNIT_GITHUB_SUITES_H

#include "unit.h"

Suite *actions_suite(void);
Suite *answer_suite(void);
Suite *client_suite(void);
Suite *comment_command_suite(void);
Suite *event_suite(void);
Suite *pull_suite(void);
Suite *threads_suite(void);

#endif
