/* Running text of a parsed document, written again as Markdown. */
#ifndef OUTPUT_SANITIZE_INLINE_H
#define OUTPUT_SANITIZE_INLINE_H

#include <cmark-gfm.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * Text is gathered over neighboring nodes before its words are judged, so that no word is assembled after
 * the check; code likewise, so that two spans side by side stay code.
 *
 * Life cycle: inline_init() -> set `single` and `cell` -> inline_children() or inline_text() -> inline_end().
 */
struct inline_writer {
	struct buf *out;
	size_t start;     /* where this text begins in `out` */
	bool starts_line; /* it begins a line */
	bool single;      /* breaks become blanks */
	bool cell;        /* of a table */
	struct buf text, code;
};

void inline_init(struct inline_writer *writer, struct buf *out);
void inline_children(struct inline_writer *writer, cmark_node *node);
void inline_text(struct inline_writer *writer, struct str text);

/* Writes what is left, without blanks at the end, and frees what the writer holds. */
void inline_end(struct inline_writer *writer);

#endif
