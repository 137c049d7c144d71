/* File names as git quotes them in its output: "a\tb" with octal escapes. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

/*
 * Appends a file name as people and models see it: unchanged when it is plain text, else in double quotes
 * with C escapes (git-config(1), core.quotePath), so that a line break, a control, an invisible direction
 * mark, bytes that are not UTF-8 or a blank at either end cannot be mistaken for anything else.
 */
void quote_add(struct buf *out, struct str name);

/*
 * Appends the name that is quoted at the start of `text`, and removes it from `text`.  False:
 * `text` does not start with a quote, has no closing quote, or a wrong escape.
 */
bool quote_take(struct str *text, struct buf *name) MUST_USE;

#endif
