/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {builtin_suite, definition_suite, prompt_suite,
				       template_suite, NULL};
