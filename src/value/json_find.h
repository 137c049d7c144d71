/* Finding JSON in what a model wrote around it. */
#ifndef VALUE_JSON_FIND_H
#define VALUE_JSON_FIND_H

#include "base/error.h"
#include "value/value.h"

enum { JSON_FOUND_MAX = 16 };

struct json_found {
	struct value *items[JSON_FOUND_MAX];
	size_t len;
};

/*
 * Finds the JSON objects in a text with prose, code fences, other braces or written-out thoughts around them.
 * Only objects with the member `member` count ("": any object). ERROR_SYNTAX when none is found, or when one
 * that names the member is broken, since part of an answer is not the answer. At most JSON_FOUND_MAX.
 */
bool json_find(struct arena *arena, struct str text, const char *member, struct json_found *found,
	       struct error *err) MUST_USE;

#endif
