/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {display_suite, golden_suite,   line_hash_suite,
				       pages_suite,   sanitize_suite, NULL};
