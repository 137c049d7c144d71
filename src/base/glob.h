/* Path patterns: `*`, `**`, `?`, `[a-z]`, `{a,b}`, and lists of them with `!` negation. */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

/*
 * `*` and `?` stop at '/', `**` does not ("src/ **" without the blank, "** /x.c", "a/ ** /b" match
 * zero or more folders).  A pattern without '/' matches the last part of the path; one with '/' the
 * whole path.  A leading "./" or "/" is ignored.  Time is bounded by pattern length times path length.
 */
bool glob_match(struct str pattern, struct str path);

/* False, with what is wrong, for an empty pattern, an open '[' or '{', or more than 512 bytes. */
bool glob_check(struct str pattern, struct error *err) MUST_USE;

/*
 * True when the last pattern of the list that matches `path` is not negated by '!'.  A list whose
 * first pattern is negated starts from "everything matches".  An empty list matches nothing.
 */
bool glob_list_match(const struct str *patterns, size_t count, struct str path);

#endif
