/* YAML 1.2 (core schema) in, by libyaml. */
#ifndef VALUE_YAML_H
#define VALUE_YAML_H

#include "base/error.h"
#include "value/problems.h"
#include "value/value.h"

enum { YAML_SIZE_MAX = 1 << 20, YAML_DEPTH_MAX = 64, YAML_VALUES_MAX = 100000 };

/*
 * Reads one document, with positions.  Scalars resolve by the core schema (true/false, null, ints,
 * floats; "yes", "on" and "0777" are strings).  Refused, each with its position: text that is not
 * UTF-8, a duplicate key, a key that is not a string, a tag outside the core schema, several documents,
 * aliases that expand to more than YAML_VALUES_MAX values, more than YAML_DEPTH_MAX levels.  NULL and a
 * problem added when it cannot be read; an empty text gives a VALUE_NULL.  `file` names it in problems.
 */
struct value *yaml_read(struct arena *arena, struct str text, struct str file,
			struct problems *problems) MUST_USE;

/*
 * The position of the byte at `offset` of a string in the text that it was read from: exact in literal
 * blocks ("|") and in scalars of one line; else where the scalar begins.
 */
struct position yaml_place(struct str text, const struct value *string, size_t offset);

#endif
