/* Path patterns: `*`, `**`, `?`, `[a-z]`, `{a,b}`, and lists of them with `!` negation. */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

/*
 * `*` and `?` stop at '/', `**` does not; as a whole part of the path `**` stands for zero or more
 * folders, at the end for all that lies below.  A class such as [a-z] or [!a-z] is one character but
 * '/'; a backslash takes the next character as it is.  A pattern without '/' matches the last part of
 * the path, one with '/' the whole path ("/README.md" only the root's); a trailing '/' stands for all
 * below that folder.  A leading "./" or "/" is not compared itself.  A pattern that glob_check()
 * refuses matches nothing.  Time is bounded by pattern length times path length.
 */
bool glob_match(struct str pattern, struct str path);

/* The length of the first pattern of a list: up to a comma that is not the pattern's own, or the end. */
size_t glob_item_len(struct str text);

/*
 * False (ERROR_CONFIG), with what is wrong, for an empty pattern, an open '[' or '{', or more than
 * 512 bytes.
 */
bool glob_check(struct str pattern, struct error *err) MUST_USE;

/*
 * True when the last pattern of the list that matches `path` has no '!' in front.  A list whose first
 * pattern is negated starts from "everything matches".  An empty list matches nothing.
 */
bool glob_list_match(const struct str *patterns, size_t count, struct str path);

#endif
