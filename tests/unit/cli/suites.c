/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {inputs_suite, joining_suite, openai_suite, options_suite, NULL};
