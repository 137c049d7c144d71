/* Paths in a diff's headers: quoted as C strings, prefixed with a/ and b/. */
#ifndef DIFF_QUOTING_H
#define DIFF_QUOTING_H

#include "base/arena.h"
#include "base/str.h"

/* Takes one path off `text`: a quoted one up to its closing quote, else all of it.  False: bad quoting. */
bool path_take(struct arena *arena, struct str *text, struct str *path) MUST_USE;

/* The two paths of "diff --git a/x b/x"; false when they cannot be told apart (then other headers must). */
bool path_take_pair(struct arena *arena, struct str text, struct str *old_path,
		    struct str *new_path) MUST_USE;

/* Without the "a/" or "b/" (or git's i/ w/ c/ o/) in front; "/dev/null" gives the empty string. */
struct str path_strip(struct str path);

#endif
