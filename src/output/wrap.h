/* Text folded between words at the width of a terminal. */
#ifndef OUTPUT_WRAP_H
#define OUTPUT_WRAP_H

#include "base/buf.h"
#include "base/str.h"

/* Where text goes on a page. */
struct wrap {
	size_t column; /* where the first line begins, counted from 0 */
	size_t indent; /* blanks before each further line */
	size_t width;  /* columns of the page; a word that is longer stays whole */
};

/*
 * Appends untrusted text, escaped as log_escape() does it, with line breaks where it would pass the width:
 * between words, and between the characters of scripts that are written without blanks. Blanks at the end are
 * left out; no newline is added at the end.
 */
void wrap_add(struct buf *out, struct str text, const struct wrap *wrap);

#endif
