/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {json_suite, value_suite, NULL};
