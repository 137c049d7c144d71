/* Path patterns: `*`, `**`, `?`, `[a-z]`, `{a,b}`, see glob_list.h for lists of them. */
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
 * False (ERROR_CONFIG), with what is wrong, for an empty pattern, an open '[' or '{', more than 512 bytes,
 * and for what would silently match nothing: several patterns with blanks between them, folders separated
 * by backslashes.
 */
bool glob_check(struct str pattern, struct error *err) MUST_USE;

#endif
