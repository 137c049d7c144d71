/* The suites of this folder. */
#ifndef TESTS_UNIT_REVIEW_SUITES_H
#define TESTS_UNIT_REVIEW_SUITES_H

#include "unit.h"

Suite *chunk_suite(void);
Suite *context_suite(void);
Suite *converse_suite(void);
Suite *merge_suite(void);
Suite *replay_suite(void);
Suite *rules_suite(void);
Suite *run_suite(void);
Suite *schedule_suite(void);

#endif
