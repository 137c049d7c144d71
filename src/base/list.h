/* Lists written as one text: items separated by commas or by lines. */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

enum { LIST_ITEMS_MAX = 1000 };

enum list_kind {
	LIST_WORDS, /* separated by commas or lines */
	LIST_GLOBS, /* the same, each a pattern of paths, with or without '!' */
	LIST_LINES, /* separated by lines only, for values that hold commas */
};

struct str_list {
	struct str *items;
	size_t len;
};

/*
 * Splits a list; each item is trimmed, empty ones are left out.  A comma inside of the braces or the
 * brackets of a glob, or behind a backslash, belongs to the item.  In a text of several lines, a '#' at
 * a line's start or after white space begins a comment.  What people copy out of YAML is understood: items in
 * quotes, "- " in front of them, and ["a", "b"].  ERROR_USAGE: an unclosed brace, a pattern that
 * glob_check() refuses, or more than LIST_ITEMS_MAX items; the caller puts the name of the input or
 * option in front.
 */
bool list_split(struct arena *arena, struct str text, enum list_kind kind, struct str_list *list,
		struct error *err) MUST_USE;

#endif
