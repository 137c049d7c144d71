/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {chat_suite, limiter_suite, record_suite, retry_suite, NULL};
