/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {
	clock_suite, encode_suite, env_suite,    error_suite, file_suite, glob_suite,
	log_suite,   memory_suite, redact_suite, str_suite,   NULL,
};
