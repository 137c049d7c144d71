/* Writes a `case.yml`: whole, or with one more row. */
#include "eval/case_write.h"

#include "value/json.h"

static void add_json(struct buf *out, struct str text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	json_write(out, value_string(&arena, text), JSON_COMPACT);
}

/* "  path: "..."\n", unless the text is empty. */
static void add_text(struct buf *out, const char *indent, const char *name, struct str text)
{
	if (!text.len)
		return;
	buf_addf(out, "%s%s: ", indent, name);
	add_json(out, text);
	buf_add_char(out, '\n');
}

static void add_list(struct buf *out, const char *indent, const char *name,
		     const struct strings *list)
{
	if (!list->len)
		return;
	buf_addf(out, "%s%s: [", indent, name);
	for (size_t i = 0; i < list->len; i++) {
		buf_add_text(out, i ? ", " : "");
		add_json(out, list->items[i]);
	}
	buf_add_text(out, "]\n");
}

static void add_row(struct buf *out, const struct expectation *row)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	add_text(&text, "    ", "path", row->path);
	add_text(&text, "    ", "at", row->at);
	add_text(&text, "    ", "lines", row->lines);
	if (row->side == SIDE_LEFT)
		buf_add_text(&text, "    side: LEFT\n");
	if (row->severity >= 0)
		buf_addf(&text, "    severity: %s\n", severity_name((enum severity)row->severity));
	add_list(&text, "    ", "category", &row->category);
	add_text(&text, "    ", "says", row->says);
	add_text(&text, "    ", "text", row->text);
	add_list(&text, "    ", "agents", &row->agents);
	add_text(&text, "    ", "context", row->context);
	add_text(&text, "    ", "why", row->why);
	buf_add_text(out, "  - ");
	buf_add(out, str_skip(buf_str(&text), 4)); /* the dash takes the first indent's place */
}

static void add_rows(struct buf *out, const char *name, const struct list *rows)
{
	const struct expectation *items = rows->items;

	if (!rows->len)
		return;
	buf_addf(out, "%s:\n", name);
	for (size_t i = 0; i < rows->len; i++)
		add_row(out, &items[i]);
}

void case_write(struct buf *out, const struct eval_case *item)
{
	add_text(out, "", "title", item->title);
	add_text(out, "", "body", item->body);
	add_text(out, "", "language", item->language);
	if (item->origin.kind.len || item->origin.url.len)
		buf_add_text(out, "origin:\n");
	add_text(out, "  ", "kind", item->origin.kind);
	add_text(out, "  ", "url", item->origin.url);
	add_text(out, "  ", "license", item->origin.license);
	add_text(out, "  ", "base", item->origin.base);
	add_text(out, "  ", "head", item->origin.head);
	add_text(out, "", "proof", item->proof);
	if (item->held_out)
		buf_add_text(out, "held_out: true\n");
	add_rows(out, "expect", &item->expect);
	add_rows(out, "allow", &item->allow);
	add_rows(out, "forbid", &item->forbid);
}

/* Where the line that follows the block of a top-level key begins. */
static size_t end_of_block(struct str text, int line)
{
	struct str rest = text, next;
	size_t end = text.len;
	int number = 0;

	while (str_next_line(&rest, &next, NULL)) {
		bool top = next.len && next.ptr[0] != ' ' && next.ptr[0] != '\t' &&
			   next.ptr[0] != '-' && next.ptr[0] != '\r';

		number++;
		if (number > line && top)
			return (size_t)(next.ptr - text.ptr);
	}
	return end;
}

bool case_accept(struct buf *out, struct str text, const struct eval_case *item,
		 const struct case_row *added, struct error *err)
{
	const struct eval_finding *finding = added->finding;
	const char *list = added->list;
	struct expectation row = {.path = finding->path, .severity = finding->severity};
	const struct value *rows = value_get(item->source, list);
	size_t place = text.len;
	SCOPED(arena) struct arena arena = ARENA_INIT;

	row.side = finding->side;
	row.at = added->at;
	if (finding->line && !row.at.len)
		row.lines = arena_printf(&arena, "%lld-%lld", (long long)finding->line,
					 (long long)finding->end_line);
	row.why = finding->title;
	if (rows && value_len(rows)) {
		const struct value *first = value_at(rows, 0);

		if (first->at.column < 3 || str_find(text, STR("\n  - "), 0) < 0)
			return error_set(
				err, ERROR_CONFIG,
				"\"%s\" is not written as a block list: add the row by hand", list);
		place = end_of_block(text, first->at.line);
	} else if (rows) {
		return error_set(err, ERROR_CONFIG,
				 "\"%s\" is empty: remove it, or add the row by hand", list);
	}
	buf_add(out, str_slice(text, 0, place));
	if (place && text.ptr[place - 1] != '\n')
		buf_add_char(out, '\n');
	if (!rows)
		buf_addf(out, "%s:\n", list);
	add_row(out, &row);
	buf_add(out, str_skip(text, place));
	return true;
}
