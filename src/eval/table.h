/* A table of short texts, written as aligned columns or as Markdown. */
#ifndef EVAL_TABLE_H
#define EVAL_TABLE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

enum table_style { TABLE_TEXT, TABLE_MARKDOWN };

/* Rows are filled cell by cell; the first row is the heading.  Texts live in the arena. */
struct table {
	struct arena *arena;
	size_t columns; /* the first one is aligned left, the others right */
	struct {
		VEC_FIELDS(struct str);
	} cells;
};

void table_release(struct table *table);
void table_add(struct table *table, const char *fmt, ...) PRINTF(2, 3);
void table_write(const struct table *table, enum table_style style, struct buf *out);

#endif
