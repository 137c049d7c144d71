/* Paths as people and models see them: without secrets. */
#ifndef REDACT_PATH_H
#define REDACT_PATH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/*
 * The path with its secrets replaced, in `arena`; `path` itself when it has none.  Eight digits of a hash
 * keep files apart whose names differ in a secret only.  A path that is already redacted is unchanged, so
 * everything behind the model may be given either.
 */
struct str path_shown(struct arena *arena, struct str path);

/* Whether `shown`, which path_shown() may have given, is this path. */
bool path_is(struct str path, struct str shown);

/*
 * For a search in many paths: path_is(), or NULL when `shown` holds no placeholder, so that only an equal path
 * can be it.
 */
typedef bool path_test(struct str path, struct str shown);
path_test *path_test_for(struct str shown);

/* Appends path_shown(), quoted as quote_add() does: for text that a path must not be able to break. */
void path_add(struct buf *out, struct str path);

#endif
