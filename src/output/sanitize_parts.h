/* What the files of sanitize share: characters, words, links, code, and the check of what was written. */
#ifndef OUTPUT_SANITIZE_PARTS_H
#define OUTPUT_SANITIZE_PARTS_H

#include <cmark-gfm.h>

#include "base/buf.h"
#include "base/str.h"

/* ---- sanitize_character.c ---- */

/* Controls that reorder text (Unicode UAX 9): overrides, embeddings, isolates. */
bool is_bidi_control(uint32_t c);

/* Appends prose without invisible characters; bidirectional controls are shown as \uNNNN. */
void add_prose(struct buf *out, struct str text);

/* Appends code: bidirectional controls are shown as \uNNNN, and "<!-- outcrop" is broken up. */
void add_code_text(struct buf *out, struct str text);

/* Appends code as a span for running text, or for the cell of a table; a very long run of backticks is broken. */
void add_code_span(struct buf *out, struct str text, bool cell);

/*
 * Appends Markdown.  A blank keeps two code spans apart: side by side, their backticks would make one run,
 * which closes neither.
 */
void add_apart(struct buf *out, struct str text);

/* Appends a code block whose fence is longer than any run of backticks inside; very long runs are broken. */
void add_fenced(struct buf *out, struct str info, struct str text);

/* Whether add_fenced() leaves the text as it is. */
bool fence_can_hold(struct str text);

/* Whether "<!--", blanks and "outcrop" begin at `at`. */
bool is_marker_at(struct str text, size_t at);

/* ---- sanitize_word.c ---- */

/* Whether GitHub would act on a word of running text: mention, reference, link, formula. */
bool word_acts(struct str word);

/* Appends an address as people read it: that of an issue, pull request or discussion as OWNER/REPO#NUMBER. */
void add_address(struct buf *out, struct str address);

/* ---- sanitize_link.c ---- */

/* Whether a link to `url` may be live: https, a host of the list, and only plain characters. */
bool link_is_allowed(struct str url);

/* The language of a code block when it is on the list, else empty. */
struct str language_allowed(struct str info);

/* ---- sanitize_tree.c ---- */

/* Parses Markdown as GitHub does; `links`: bare addresses become links.  Free it with cmark_node_free(). */
cmark_node *markdown_parse(struct str text, bool links);

/*
 * Appends a document's blocks to `first`, those beyond `words_max` words to `rest`; a paragraph or a list that is
 * longer by itself is cut.  Or only the text of its first paragraph, without its first `skip` bytes.
 */
void markdown_write_split(struct buf *first, struct buf *rest, cmark_node *document,
			  size_t words_max);
void markdown_write_line(struct buf *out, cmark_node *document, bool cell, size_t skip);

/* ---- sanitize_fold.c ---- */

/*
 * Cuts the first block in two when it has more words: a paragraph behind a sentence, else behind a word, and a list
 * behind an item.  False: it is longer and cannot be cut.
 */
bool markdown_cut_first(cmark_node *document, size_t words_max);

/* ---- sanitize_guard.c ---- */

/* Whether `markdown`, parsed as GitHub parses it, holds nothing that acts. */
bool markdown_is_safe(struct str markdown);

/* Whether every code span of a line ends in it (CommonMark 0.31.2, 6.1): what follows is not part of one. */
bool line_closes_code(struct str line);

#endif
