/* JSON Schema: the part that structured outputs and tools use, checked and reshaped. */
#ifndef VALUE_SCHEMA_H
#define VALUE_SCHEMA_H

#include "base/error.h"
#include "value/value.h"

/*
 * Checks `value` against `schema` for the keywords type, enum, const, properties, required,
 * additionalProperties, items, anyOf, oneOf, allOf, $ref to "#/$defs/...", minimum, maximum,
 * exclusiveMinimum, exclusiveMaximum, minLength, maxLength, minItems, maxItems; others are ignored.
 * ERROR_MODEL "/findings/3/line: must be a whole number".
 */
bool schema_check(const struct value *schema, const struct value *value,
		  struct error *err) MUST_USE;

/*
 * The first keyword in the schema (in the order of its text) that schema_check() ignores and that is not
 * an annotation such as "description", "format" or "default"; else empty.
 */
struct str schema_unchecked_keyword(const struct value *schema);

/*
 * A copy in which every local "$ref" is replaced by what it names and "$defs" is gone.  NULL with
 * ERROR_CONFIG for a recursive, external or missing reference.
 */
struct value *schema_inline(struct arena *arena, const struct value *schema,
			    struct error *err) MUST_USE;

/*
 * A copy as structured output takes it: every object closed (additionalProperties false), oneOf as
 * anyOf, keywords that are refused there (bounds of numbers, lengths, counts, patterns) moved into the
 * description in words.
 */
struct value *schema_for_structured_output(struct arena *arena, const struct value *schema);

/* The same with choices and constants in words too, for services that find the schema too complex. */
struct value *schema_loosened(struct arena *arena, const struct value *schema);

#endif
