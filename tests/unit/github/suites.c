/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {
	actions_suite, answer_suite, client_suite,  comment_command_suite,
	event_suite,   pull_suite,   threads_suite, NULL,
};
