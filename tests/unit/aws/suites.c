/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {bedrock_suite,
				       chain_suite,
				       credentials_suite,
				       doctor_suite,
				       endpoints_suite,
				       errors_suite,
				       eventstream_suite,
				       flow_suite,
				       options_suite,
				       reply_suite,
				       request_suite,
				       sigv4_suite,
				       NULL};
