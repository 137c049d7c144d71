/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {golden_suite, pages_suite, sanitize_suite, NULL};
