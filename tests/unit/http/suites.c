/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {http_suite, tls_suite, url_suite, NULL};
