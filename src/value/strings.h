/* Lists of strings. */
#ifndef VALUE_STRINGS_H
#define VALUE_STRINGS_H

#include "base/str.h"

struct value;

/* The items are borrowed. */
struct strings {
	struct str *items;
	size_t len;
	const struct value *source; /* the list, for positions of later checks; or NULL */
};

/* Whether the list has `value`. */
bool strings_have(const struct strings *strings, struct str value);

/* Whether the list, as a choice, allows `value`: it has it, or is empty. */
bool strings_allow(const struct strings *strings, struct str value);

#endif
