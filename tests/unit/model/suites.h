/* The suites of this folder. */
#ifndef TESTS_UNIT_MODEL_SUITES_H
#define TESTS_UNIT_MODEL_SUITES_H

#include "unit.h"

Suite *chat_suite(void);
Suite *limiter_suite(void);
Suite *record_suite(void);
Suite *retry_suite(void);

#endif
