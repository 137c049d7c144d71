/* Parses untrusted Markdown and writes its blocks again. */
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>
#include <string.h>

#include "base/breathe.h"
#include "output/sanitize_inline.h"
#include "output/sanitize_parts.h"

enum {
	DEPTH_MAX = 12,           /* of quotes and lists: each is a call */
	TABLE_CELLS_MAX = 50000,  /* cmark-gfm fills short rows up to the head's columns */
	TABLE_COLUMNS_MAX = 1000, /* it takes the square of them */
	FEED_SIZE = 4096          /* read between two pauses: one line for each byte takes 2 ms */
};

/* Whether some table could have more columns or cells than are read in a short time. */
static bool has_huge_table(struct str text)
{
	size_t columns_max = 0, lines = 0;
	struct str line;

	for (; str_next_line(&text, &line, NULL); lines++) {
		size_t columns = 1;

		for (size_t i = 0; i < line.len; i++)
			columns += line.ptr[i] == '|';
		columns_max = MAX_OF(columns_max, columns);
	}
	return columns_max > TABLE_COLUMNS_MAX || columns_max * lines > TABLE_CELLS_MAX;
}

static void attach(cmark_parser *parser, const char *name)
{
	cmark_syntax_extension *extension = cmark_find_syntax_extension(name);

	if (extension)
		cmark_parser_attach_syntax_extension(parser, extension);
}

/* Reads the blocks; cmark_parser_finish() then reads what is in them, in one go. */
static void feed(cmark_parser *parser, struct str text)
{
	while (text.len > FEED_SIZE) {
		cmark_parser_feed(parser, text.ptr, FEED_SIZE);
		text = str_skip(text, FEED_SIZE);
		breathe();
	}
	cmark_parser_feed(parser, text.ptr ? text.ptr : "", text.len);
}

cmark_node *markdown_parse(struct str text, bool links)
{
	cmark_parser *parser;
	cmark_node *document;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(CMARK_OPT_DEFAULT);
	if (!has_huge_table(text))
		attach(parser, "table");
	attach(parser, "strikethrough");
	if (links)
		attach(parser, "autolink");
	feed(parser, text);
	document = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	if (text.len > FEED_SIZE)
		breathe();
	cmark_consolidate_text_nodes(document);
	return document;
}

static bool is_type(cmark_node *node, const char *type)
{
	return strcmp(cmark_node_get_type_string(node), type) == 0;
}

/* Appends each line of `text` behind `rest`, the first one behind `first`. */
static void add_prefixed(struct buf *out, struct str text, const char *first, const char *rest)
{
	const char *prefix = first;
	struct str line;

	if (!text.len)
		buf_add(out, str_trim(str_from(first)));
	while (str_next_line(&text, &line, NULL)) {
		buf_add(out, line.len ? str_from(prefix) : str_trim(str_from(prefix)));
		buf_add(out, line);
		if (text.len)
			buf_add_char(out, '\n');
		prefix = rest;
	}
}

static void add_inlines(struct buf *out, cmark_node *node, bool single, bool cell)
{
	struct inline_writer writer;

	inline_init(&writer, out);
	writer.single = single;
	writer.cell = cell;
	inline_children(&writer, node);
	inline_end(&writer);
}

static void add_row(struct buf *out, cmark_node *row)
{
	buf_add_char(out, '|');
	for (cmark_node *cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell)) {
		buf_add_char(out, ' ');
		add_inlines(out, cell, true, true);
		buf_add_text(out, " |");
	}
}

static void add_table(struct buf *out, cmark_node *table)
{
	uint16_t columns = cmark_gfm_extensions_get_table_columns(table);
	const uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(table);
	bool head = true;

	for (cmark_node *row = cmark_node_first_child(table); row; row = cmark_node_next(row)) {
		breathe();
		if (!head)
			buf_add_char(out, '\n');
		add_row(out, row);
		if (!head)
			continue;
		head = false;
		buf_add_text(out, "\n|");
		for (uint16_t i = 0; i < columns; i++) {
			char side = alignments ? (char)alignments[i] : 0;

			buf_add_text(out, side == 'l' || side == 'c' ? ":--" : "---");
			buf_add_text(out, side == 'r' || side == 'c' ? ":|" : "|");
		}
	}
}

static void add_blocks(struct buf *out, cmark_node *parent, bool tight, int depth);

static void add_quote(struct buf *out, cmark_node *node, int depth)
{
	SCOPED(buf) struct buf inner = BUF_INIT;

	add_blocks(&inner, node, false, depth + 1);
	add_prefixed(out, buf_str(&inner), "> ", "> ");
}

/* Two lists side by side would be one if they had the same sign: whether this one has the other sign. */
static bool has_other_sign(cmark_node *list, bool before_has)
{
	cmark_node *before = cmark_node_previous(list);

	return before && cmark_node_get_type(list) == CMARK_NODE_LIST &&
	       cmark_node_get_type(before) == CMARK_NODE_LIST &&
	       cmark_node_get_list_type(before) == cmark_node_get_list_type(list) && !before_has;
}

static void add_list(struct buf *out, cmark_node *list, bool other, int depth)
{
	bool ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
	bool tight = cmark_node_get_list_tight(list);
	int number = cmark_node_get_list_start(list);

	for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
		SCOPED(buf) struct buf inner = BUF_INIT;
		char sign[16];
		char indent[16];

		breathe();
		if (ordered)
			snprintf(sign, sizeof(sign), "%d%c ", number, other ? ')' : '.');
		else
			snprintf(sign, sizeof(sign), "%c ", other ? '*' : '-');
		snprintf(indent, sizeof(indent), "%*s", (int)strlen(sign), "");
		add_blocks(&inner, item, tight, depth + 1);
		add_prefixed(out, buf_str(&inner), sign, indent);
		if (cmark_node_next(item))
			buf_add_text(out, tight ? "\n" : "\n\n");
		number += number < 999999999;
	}
}

static void add_code_block(struct buf *out, cmark_node *node)
{
	SCOPED(buf) struct buf code = BUF_INIT;

	add_code_text(&code, str_from(cmark_node_get_literal(node)));
	add_fenced(out, language_allowed(str_from(cmark_node_get_fence_info(node))),
		   buf_str(&code));
	buf_set_len(out, out->len - 1);
}

static void add_html(struct buf *out, cmark_node *node)
{
	struct inline_writer writer;

	inline_init(&writer, out);
	inline_text(&writer, str_trim(str_from(cmark_node_get_literal(node))));
	inline_end(&writer);
}

/* `other`: a list has the other sign. */
static void add_block(struct buf *out, cmark_node *node, bool other, int depth)
{
	if (depth > DEPTH_MAX) {
		buf_add_text(out, "…");
		return;
	}
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_BLOCK_QUOTE:
		add_quote(out, node, depth);
		break;
	case CMARK_NODE_LIST:
		add_list(out, node, other, depth);
		break;
	case CMARK_NODE_CODE_BLOCK:
		add_code_block(out, node);
		break;
	case CMARK_NODE_HTML_BLOCK:
		add_html(out, node);
		break;
	case CMARK_NODE_HEADING:
		/* Small, so that it cannot look like a verdict of ours. */
		buf_add_many(out, '#', (size_t)MIN_OF(cmark_node_get_heading_level(node) + 3, 6));
		buf_add_char(out, ' ');
		add_inlines(out, node, true, false);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		buf_add_text(out, "___");
		break;
	default:
		if (is_type(node, "table"))
			add_table(out, node);
		else
			add_inlines(out, node, false, false);
	}
}

/* Whether `next` can follow `node` without an empty line and still be a separate block. */
static bool may_touch(cmark_node *node, cmark_node *next)
{
	return (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH ||
		cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK) &&
	       (cmark_node_get_type(next) == CMARK_NODE_CODE_BLOCK ||
		(cmark_node_get_type(next) == CMARK_NODE_LIST &&
		 cmark_node_get_list_type(next) == CMARK_BULLET_LIST));
}

static void add_blocks(struct buf *out, cmark_node *parent, bool tight, int depth)
{
	bool other = false;

	for (cmark_node *node = cmark_node_first_child(parent); node;
	     node = cmark_node_next(node)) {
		cmark_node *next = cmark_node_next(node);
		size_t before = out->len;

		other = has_other_sign(node, other);
		add_block(out, node, other, depth);
		if (next && out->len > before)
			buf_add_text(out, tight && may_touch(node, next) ? "\n" : "\n\n");
	}
	while (out->len && out->ptr[out->len - 1] == '\n')
		buf_set_len(out, out->len - 1);
}

static size_t count_words(struct str text)
{
	size_t words = 0;

	for (size_t i = 0; i < text.len; i++)
		words += strchr(" \n\t", text.ptr[i]) != NULL;
	return words + (text.len > 0);
}

void markdown_write_split(struct buf *first, struct buf *rest, cmark_node *document,
			  size_t words_max)
{
	size_t words = 0;
	struct buf *out = first;
	bool other = false;
	bool fits = markdown_cut_first(document, words_max);

	for (cmark_node *node = cmark_node_first_child(document); node;
	     node = cmark_node_next(node)) {
		SCOPED(buf) struct buf block = BUF_INIT;

		breathe();
		other = has_other_sign(node, other);
		add_block(&block, node, other, 0);
		words += count_words(buf_str(&block));
		if ((first->len || !fits) && words > words_max)
			out = rest;
		if (out->len && block.len)
			buf_add_text(out, "\n\n");
		buf_add(out, buf_str(&block));
	}
}

void markdown_write_line(struct buf *out, cmark_node *document, bool cell, size_t skip)
{
	cmark_node *paragraph = cmark_node_first_child(document);
	cmark_node *text = paragraph ? cmark_node_first_child(paragraph) : NULL;

	if (!text)
		return;
	if (cmark_node_get_type(text) == CMARK_NODE_TEXT) {
		struct str rest = str_skip(str_from(cmark_node_get_literal(text)), skip);
		SCOPED(buf) struct buf copy = BUF_INIT;

		buf_add(&copy, rest);
		cmark_node_set_literal(text, copy.ptr);
	}
	add_inlines(out, paragraph, true, cell);
}
