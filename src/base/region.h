/* Names of AWS regions, as far as their form tells. */
#ifndef BASE_REGION_H
#define BASE_REGION_H

#include "base/str.h"

/* NULL, or what is wrong: "is no AWS region; ...". The name becomes part of a host: nothing else may hide in it. */
const char *region_problem(struct str region);

#endif
