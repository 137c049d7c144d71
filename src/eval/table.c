/* A table of short texts, written as aligned columns or as Markdown. */
#include "eval/table.h"

#include <stdarg.h>

#include "base/utf8.h"

void table_release(struct table *table)
{
	VEC_RELEASE(&table->cells);
}

void table_add(struct table *table, const char *fmt, ...)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	va_list args;

	va_start(args, fmt);
	buf_vaddf(&text, fmt, args);
	va_end(args);
	VEC_PUSH(&table->cells, arena_str(table->arena, buf_str(&text)));
}

static size_t column_width(const struct table *table, size_t column)
{
	size_t width = 0;

	for (size_t i = column; i < table->cells.len; i += table->columns)
		width = MAX_OF(width, utf8_count(table->cells.items[i]));
	return width;
}

static void write_text(const struct table *table, struct buf *out)
{
	for (size_t i = 0; i < table->cells.len; i++) {
		size_t column = i % table->columns;
		struct str cell = table->cells.items[i];
		size_t pad = column_width(table, column) - utf8_count(cell);

		buf_add_text(out, "  ");
		if (column)
			buf_add_many(out, ' ', pad);
		buf_add(out, cell);
		if (!column)
			buf_add_many(out, ' ', pad);
		if (column + 1 == table->columns)
			buf_add_char(out, '\n');
	}
}

/* A bar would end the cell. */
static void add_cell(struct buf *out, struct str cell)
{
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.ptr[i] == '|')
			buf_add_char(out, '\\');
		buf_add_char(out, cell.ptr[i]);
	}
}

static void write_markdown(const struct table *table, struct buf *out)
{
	for (size_t i = 0; i < table->cells.len; i++) {
		buf_add_text(out, i % table->columns ? " | " : "| ");
		add_cell(out, table->cells.items[i]);
		if ((i + 1) % table->columns)
			continue;
		buf_add_text(out, " |\n");
		if (i + 1 != table->columns)
			continue;
		buf_add_text(out, "|---");
		for (size_t column = 1; column < table->columns; column++)
			buf_add_text(out, "|--:");
		buf_add_text(out, "|\n");
	}
}

void table_write(const struct table *table, enum table_style style, struct buf *out)
{
	if (style == TABLE_MARKDOWN)
		write_markdown(table, out);
	else
		write_text(table, out);
}
