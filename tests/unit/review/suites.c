/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {
	chunk_suite, context_suite, converse_suite, merge_suite, replay_suite,
	rules_suite, run_suite,     schedule_suite, NULL,
};
