/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {fields_suite, json_suite, schema_suite,
				       value_suite,  yaml_suite, NULL};
