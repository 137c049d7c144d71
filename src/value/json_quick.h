/* What json_read() is made of: a quick reader for texts without fault, and jansson, which says what is wrong. */
#ifndef VALUE_JSON_QUICK_H
#define VALUE_JSON_QUICK_H

#include "base/error.h"
#include "value/value.h"

/*
 * Reads strict JSON of at most JSON_DEPTH_MAX levels.  NULL for all that is wrong, and for what is rare (an
 * integer beyond int64, an object of many members): json_careful() knows.
 */
struct value *json_quick(struct arena *arena, struct str text) MUST_USE;

/* The same by jansson, with json_read()'s errors; with `twice` the last of equal names counts. */
struct value *json_careful(struct arena *arena, struct str text, bool twice,
			   struct error *err) MUST_USE;

/* How many of the eight bytes come before a control character, a quote, a backslash, DEL, or a byte above it. */
size_t json_plain_of_eight(const char *bytes);

#endif
