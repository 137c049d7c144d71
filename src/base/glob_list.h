/* Lists of path patterns with `!` negation, and patterns that name folders. */
#ifndef BASE_GLOB_LIST_H
#define BASE_GLOB_LIST_H

#include "base/common.h"
#include "base/str.h"

/*
 * As glob_match(), but a pattern without stars, '?', brackets and braces also matches everything below a folder
 * of that name, as in .gitignore: "vendor", "docs/old".
 */
bool glob_covers(struct str pattern, struct str path);

/*
 * True when the last pattern of the list that covers `path` has no '!' in front.  A list whose first
 * pattern is negated starts from "everything matches".  An empty list matches nothing.
 */
bool glob_list_match(const struct str *patterns, size_t count, struct str path);

#endif
