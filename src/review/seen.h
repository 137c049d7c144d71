/* An answer as a comment shows it, for the search for secrets. */
#ifndef REVIEW_SEEN_H
#define REVIEW_SEEN_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Appends `text` without invisible characters, with characters in place of their numbers and names, and
 * without the backslashes of Markdown.
 */
void seen_add(struct buf *out, struct str text);

#endif
