/* JSON in and out (RFC 8259). */
#ifndef VALUE_JSON_H
#define VALUE_JSON_H

#include "base/buf.h"
#include "base/error.h"
#include "value/value.h"

enum { JSON_DEPTH_MAX = 128 };

/*
 * Reads one JSON text of at most `size_max` bytes (0: 64 MiB); a byte order mark in front is skipped.
 * Strict: UTF-8, no name twice, no trailing bytes, at most JSON_DEPTH_MAX levels; an escaped NUL is
 * refused; an integer beyond int64 is read as a real.  NULL with ERROR_SYNTAX ("line 3, column 7: ...",
 * and the start of a text that is not JSON at all, such as an HTML page) or ERROR_LIMIT.
 */
struct value *json_read(struct arena *arena, struct str text, size_t size_max,
			struct error *err) MUST_USE;

/*
 * The same for text from a model: halves of surrogate pairs, NULs and bytes that are not UTF-8
 * become U+FFFD, of a name that is given twice the last one counts. Then `*problem` says what was wrong; else it
 * is unchanged.
 */
struct value *json_read_repaired(struct arena *arena, struct str text, size_t size_max,
				 struct str *problem, struct error *err) MUST_USE;

/* The same by jansson alone, without a limit of size; with `twice` the last of equal names counts. */
struct value *json_careful(struct arena *arena, struct str text, bool twice,
			   struct error *err) MUST_USE;

enum json_style {
	JSON_COMPACT,
	JSON_PRETTY, /* two spaces a level, a line a member */
};

/*
 * Appends the text of `value`; equal trees give equal bytes.  Members stay in order.  Strings are
 * escaped as RFC 8259 asks, plus DEL and U+2028/2029.  Reals are written as short as they read back.
 */
void json_write(struct buf *buf, const struct value *value, enum json_style style);

struct json_texts;

/* The same, compact, for the next of many trees that share long texts, which `texts` remembers. */
void json_write_next(struct buf *buf, const struct value *value, struct json_texts *texts);

#endif
