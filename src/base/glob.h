/* Path patterns: `*`, `**`, `?`, `[a-z]`, `{a,b}`, see glob_list.h for lists of them. */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

/*
 * `*` and `?` stop at '/', `**` does not; as a whole part of the path `**` matches zero or more
 * folders, at the end everything below.  A class such as [a-z] or [!a-z] is one character but
 * '/'; a backslash escapes the next character.  A pattern without '/' matches the last part of
 * the path, one with '/' the whole path ("/README.md" only the root's); a trailing '/' matches everything
 * below that folder.  A leading "./" or "/" is ignored.  A pattern that glob_check()
 * refuses matches nothing.  The time is at most proportional to the pattern's length times the path's.
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
