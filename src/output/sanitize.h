/* Makes a model's text safe for a comment: it can format, but not act. */
#ifndef OUTPUT_SANITIZE_H
#define OUTPUT_SANITIZE_H

#include "base/buf.h"
#include "base/str.h"

/* Bytes that one call reads; longer text is cut first. */
enum { SANITIZE_SIZE_MAX = 64 << 10 };

/*
 * Appends untrusted Markdown, parsed as GitHub parses it (GitHub Flavored Markdown spec, cmark-gfm) and
 * written again from the tree.  Emphasis, lists, quotes, tables, headings (small ones), inline code and
 * code blocks stay.  It holds no image, no HTML, no link except to the hosts of sanitize_link.c, no mention,
 * no reference to an issue, pull request or commit, no formula, no language of a code block that GitHub
 * renders as something else, no "<!-- outcrop:" even in code, and no bidirectional control characters.
 * Such text is shown as inline code or escaped.  Code blocks are otherwise unchanged.  Ends without a newline.
 *
 * Cut text before this call, never what it returns.
 */
void sanitize_markdown(struct buf *out, struct str text);

/* As above, cut at a line so that at most `size_max` bytes are appended.  Returns how many bytes were left out. */
size_t sanitize_markdown_within(struct buf *out, struct str text, size_t size_max);

/*
 * As above, in two parts: the blocks that hold the first `words_max` words, and the others; a long first paragraph
 * or list is cut.  Both together have at most `size_max` bytes.
 */
size_t sanitize_markdown_split(struct buf *first, struct buf *rest, struct str text,
			       size_t size_max, size_t words_max);

/* The same for one line (a title): line breaks become blanks, and it begins no list, heading or code block. */
void sanitize_line(struct buf *out, struct str text);

/* The same for a cell of a table: `|` is escaped in code too. */
void sanitize_cell(struct buf *out, struct str text);

/* Appends `text` as inline code, whatever it holds; one line.  Empty text appends nothing. */
void sanitize_code(struct buf *out, struct str text);
void sanitize_code_cell(struct buf *out, struct str text);

/* Appends a code block: `info` is ours, not the model's; a newline at the end. */
void sanitize_block(struct buf *out, const char *info, struct str text);

/*
 * Whether `text` can be a suggestion byte for byte: UTF-8, no bidirectional control characters, no NUL and no
 * marker of ours.  sanitize_suggestion() appends it, unchanged, as a block that GitHub offers to apply.
 */
bool sanitize_can_suggest(struct str text);
void sanitize_suggestion(struct buf *out, struct str text);

#endif
