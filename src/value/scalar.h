/* What a YAML scalar means: the core schema (YAML 1.2.2, 10.3). */
#ifndef VALUE_SCALAR_H
#define VALUE_SCALAR_H

#include "value/value.h"

/*
 * The value of a scalar.  A plain one without a tag is null, true, false, a number or else a string;
 * leading zeros make a string, and an integer beyond int64 a real.  With the tag "!" or in quotes it is a
 * string; with one of the core tags it must be of that kind.  NULL, and *why (static), for another tag,
 * a text that is not of its tag's kind, and for .inf and .nan, which JSON does not have.
 */
struct value *scalar_resolve(struct arena *arena, struct str text, const char *tag, bool is_plain,
			     const char **why) MUST_USE;

#endif
