/* A change as a model reads it: numbered lines, headers with the enclosing function. */
#ifndef DIFF_RENDER_H
#define DIFF_RENDER_H

#include "diff/diff.h"

/*
 * Appends "## File: src/a.c (modified)" (with "was old/path" for renames) and each hunk:
 *   @@ enclosing function
 *     41  |  context
 *     42  |+ added        new side's number
 *     41  |- deleted      old side's number
 * Equal input gives equal bytes.
 */
void diff_render_file(struct buf *out, const struct diff_file *file);
void diff_render_header(struct buf *out, const struct diff_file *file);
void diff_render_section(struct buf *out, const struct diff_hunk *hunk); /* the line "@@ ..." */
void diff_render_lines(struct buf *out, const struct diff_hunk *hunk, size_t first, size_t count);

enum { DIFF_RENDER_EXTRA_SIZE = 10 }; /* bytes around a rendered line: number, bar, sign, LF */

/* Lines of the new file outside of any hunk, the first of which is `number`: "    12 :  text". */
void diff_render_around(struct buf *out, uint32_t number, const struct str *lines, size_t len);

/* "src/a.c, line 12": where a hunk begins on the new side. */
void diff_render_place(struct buf *out, const struct diff_file *file, const struct diff_hunk *hunk);

/* The texts of a hunk's lines, each with its sign before it if `signs`. */
void diff_render_texts(struct buf *out, const struct diff_hunk *hunk, bool signs);

/* The change of a file without line numbers for hashing, so that a moved change counts as the same. */
void diff_render_content(struct buf *out, const struct diff_file *file);

#endif
