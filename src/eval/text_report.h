/* Text of models and people inside a page of ours. */
#ifndef EVAL_TEXT_REPORT_H
#define EVAL_TEXT_REPORT_H

#include "base/buf.h"
#include "eval/table.h"

/*
 * Appends untrusted text as part of one line, cut after 120 bytes: on a terminal without control
 * characters, in Markdown so that none of it is markup.
 */
void plain_add(struct buf *out, enum table_style style, struct str text);

/* The same as a text in the arena, for a cell of a table. */
struct str plain_cell(struct arena *arena, enum table_style style, struct str text);

#endif
