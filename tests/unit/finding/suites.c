/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {merge_suite,     place_suite,  report_suite, evidence_suite,
				       reviewers_suite, script_suite, NULL};
