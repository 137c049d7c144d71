/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {
	builtin_suite, config_suite, context_suite,  definition_suite, load_suite,
	models_suite,  prompt_suite, template_suite, tools_suite,      NULL,
};
