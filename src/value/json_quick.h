/* A quick reader for valid JSON; json_read() tries it first. */
#ifndef VALUE_JSON_QUICK_H
#define VALUE_JSON_QUICK_H

#include "value/value.h"

/* Long texts are read and written in steps of so many bytes or values; others may run between them. */
enum { JSON_STEP_SIZE = 32 << 10, JSON_STEP_VALUES = 1024 };

/*
 * Reads strict JSON of at most `depth_max` levels.  Returns NULL for invalid JSON and for what is rare
 * (an integer beyond int64, an object of many members): then json_careful() reads it.
 */
struct value *json_quick(struct arena *arena, struct str text, int depth_max) MUST_USE;

/* How many of the eight bytes come before a control character, a quote, a backslash, DEL, or a byte above it. */
size_t json_plain_of_eight(const char *bytes);

#endif
