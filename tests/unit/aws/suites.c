/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {endpoints_suite, eventstream_suite, flow_suite, sigv4_suite,
				       NULL};
