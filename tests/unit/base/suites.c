/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {glob_suite, redact_suite, str_suite, NULL};
