/* The list of this folder's suites. */
#include "suites.h"

Suite *(*const unit_suites[])(void) = {faults_suite, route_suite, NULL};
