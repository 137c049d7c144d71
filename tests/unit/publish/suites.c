/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {
	faults_suite, gone_suite, marker_suite, match_suite, publish_suite, state_suite, NULL,
};
