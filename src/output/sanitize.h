/* Model text made safe to stand in a comment: it can format, but not act. */
#ifndef OUTPUT_SANITIZE_H
#define OUTPUT_SANITIZE_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Appends untrusted Markdown so that, rendered by GitHub (GitHub Flavored Markdown spec), it cannot
 * mention people, load images, hold HTML or HTML comments, offer a suggestion to apply, swallow what
 * follows it, or carry control and bidirectional characters.  Emphasis, lists, links, tables, inline code
 * and code blocks stay.  Every code block is written anew at the left margin with a fence longer than
 * any run of backticks inside, and closed.  Ends without a newline.
 */
void sanitize_markdown(struct buf *out, struct str text);

/* The same for one line (a title, a table cell): line breaks become blanks, `|` is escaped. */
void sanitize_line(struct buf *out, struct str text);

/* Appends `text` as inline code, whatever it holds; one line. Empty text gives nothing. */
void sanitize_code(struct buf *out, struct str text);

/*
 * Appends a code block: fence longer than any run of backticks in `text`, `info` behind it (ours, not the
 * model's), a newline at the end.
 */
void sanitize_block(struct buf *out, const char *info, struct str text);

#endif
