/* What the vendors' own libraries and git say about inputs that we chose (script/vectors). */
#ifndef TESTS_UNIT_VECTORS_H
#define TESTS_UNIT_VECTORS_H

#include "base/arena.h"
#include "base/buf.h"
#include "value/value.h"

/* The bytes of tests/vectors/NAME, and the same as JSON; a test fails when it cannot be read. */
struct str vectors_file(struct arena *arena, const char *name);
struct value *vectors_json(struct arena *arena, const char *name);

/* Appends the bytes that are written in hex; a test fails when they are not hex. */
void vectors_bytes(struct buf *out, struct str hex);

/* Calls `check` for each change of tests/vectors/diffs: NAME.diff, and NAME.json with what git says about it. */
void vectors_each_diff(void (*check)(const char *name, struct str diff, const struct value *truth,
				     void *ctx),
		       void *ctx);

#endif
