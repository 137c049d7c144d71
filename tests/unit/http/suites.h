/* The suites of this folder. */
#ifndef TESTS_UNIT_HTTP_SUITES_H
#define TESTS_UNIT_HTTP_SUITES_H

#include "unit.h"

Suite *http_suite(void);
Suite *tls_suite(void);
Suite *url_suite(void);

#endif
