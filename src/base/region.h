/* Checks names of AWS regions by their form. */
#ifndef BASE_REGION_H
#define BASE_REGION_H

#include "base/str.h"

/*
 * Returns NULL, or what is wrong: "is not an AWS region; ...".  The name becomes part of a host name, so only
 * letters, digits and hyphens are allowed.
 */
const char *region_problem(struct str region);

#endif
