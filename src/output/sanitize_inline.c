/* Running text of a parsed document, written again as Markdown. */
#include "output/sanitize_inline.h"

#include <string.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "output/sanitize_parts.h"

enum { DEPTH_MAX = 16 }; /* of nested emphasis and links: each is a call */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_punctuation(char c)
{
	return c > ' ' && c < 0x7f && !ascii_is_alnum(c);
}

static char last_char(const struct buf *buf)
{
	return buf->len ? buf->ptr[buf->len - 1] : '\0';
}

static bool at_line_start(const struct inline_writer *writer)
{
	return writer->out->len == writer->start ? writer->starts_line
						 : last_char(writer->out) == '\n';
}

static void flush_code(struct inline_writer *writer)
{
	add_code_span(writer->out, buf_str(&writer->code), writer->cell);
	buf_reset(&writer->code);
}

/* At the start of a line these would begin a block, or a command to some other bot. */
static bool begins_block(char c)
{
	return strchr("-+=>:/", c) != NULL;
}

/* The number of an ordered list at the start of `rest`: its length without the sign behind it, or 0. */
static size_t number_length(struct str rest)
{
	size_t digits = 0;

	while (digits < rest.len && ascii_is_digit(rest.ptr[digits]))
		digits++;
	return digits && digits < rest.len && strchr(".)", rest.ptr[digits]) ? digits : 0;
}

/* Reports whether a byte is part of a word: a letter, a digit, or a part of any character beyond ASCII. */
static bool is_word_byte(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c >= 0x80;
}

static bool inside_word(struct str text, size_t i)
{
	return i && i + 1 < text.len && is_word_byte(text.ptr[i - 1]) &&
	       is_word_byte(text.ptr[i + 1]);
}

/* Appends a word or a blank, escaped so that it means itself. */
static void put_text(struct inline_writer *writer, struct str text)
{
	struct buf *out = writer->out;

	if (!text.len)
		return;
	flush_code(writer);
	if (at_line_start(writer)) {
		size_t digits = number_length(text);

		buf_add(out, str_slice(text, 0, digits));
		if (digits || begins_block(text.ptr[0]))
			buf_add_char(out, '\\');
		text = str_skip(text, digits);
	}
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '<')
			buf_add_text(out, "&lt;");
		else if (c == '&')
			buf_add_text(out, "&amp;");
		else if (strchr("\\`*[]~|#", c) || (c == '_' && !inside_word(text, i)))
			buf_addf(out, "\\%c", c);
		else
			buf_add_char(out, c);
	}
}

static void put_break(struct inline_writer *writer)
{
	struct buf *out = writer->out;

	flush_code(writer);
	while (out->len > writer->start && last_char(out) == ' ')
		buf_set_len(out, out->len - 1);
	buf_add_char(out, writer->single ? ' ' : '\n');
}

static void put_space(struct inline_writer *writer)
{
	flush_code(writer);
	if (!at_line_start(writer) &&
	    (writer->out->len == writer->start || last_char(writer->out) != ' '))
		buf_add_char(writer->out, ' ');
}

static bool is_opening(char c)
{
	return c && strchr("([{\"'.,;:!?", c);
}

static bool is_closing(char c)
{
	return c && strchr(")]}\"'.,;:!?", c);
}

/* A word that acts is shown as code, without the punctuation around it. */
static void put_word(struct inline_writer *writer, struct str word)
{
	size_t start = 0;
	size_t end = word.len;
	struct str core;

	if (!word_acts(word)) {
		put_text(writer, word);
		return;
	}
	while (start < end && is_opening(word.ptr[start]))
		start++;
	while (end > start && is_closing(word.ptr[end - 1]))
		end--;
	core = str_slice(word, start, end - start);
	if (!word_acts(core)) {
		start = 0;
		end = word.len;
		core = word;
	}
	put_text(writer, str_slice(word, 0, start));
	add_address(&writer->code, core);
	put_text(writer, str_skip(word, end));
}

/* Writes the text gathered so far, word by word. */
static void flush_text(struct inline_writer *writer)
{
	struct str rest = buf_str(&writer->text);

	while (rest.len) {
		size_t len = 0;

		while (len < rest.len && !is_space(rest.ptr[len]))
			len++;
		put_word(writer, str_slice(rest, 0, len));
		rest = str_skip(rest, len);
		if (!rest.len)
			break;
		if (rest.ptr[0] == '\n')
			put_break(writer);
		else
			put_space(writer);
		rest = str_skip(rest, 1);
	}
	buf_reset(&writer->text);
}

void inline_init(struct inline_writer *writer, struct buf *out)
{
	*writer = (struct inline_writer){.out = out, .start = out->len, .starts_line = true};
	buf_init(&writer->text, BUF_SIZE_MAX);
	buf_init(&writer->code, BUF_SIZE_MAX);
}

void inline_text(struct inline_writer *writer, struct str text)
{
	add_prose(&writer->text, text);
}

void inline_end(struct inline_writer *writer)
{
	flush_text(writer);
	flush_code(writer);
	while (writer->out->len > writer->start && is_space(last_char(writer->out)))
		buf_set_len(writer->out, writer->out->len - 1);
	buf_release(&writer->text);
	buf_release(&writer->code);
}

static void write_node(struct inline_writer *writer, cmark_node *node, int depth);

static void write_children(struct inline_writer *writer, cmark_node *node, int depth)
{
	for (cmark_node *child = cmark_node_first_child(node); child;
	     child = cmark_node_next(child))
		write_node(writer, child, depth);
}

/* Writes what is inside `node` into `inner`, which begins no line. */
static void write_inner(struct inline_writer *writer, struct buf *inner, cmark_node *node,
			int depth)
{
	struct inline_writer sub;

	inline_init(&sub, inner);
	sub.single = writer->single;
	sub.cell = writer->cell;
	sub.starts_line = false;
	write_children(&sub, node, depth + 1);
	inline_end(&sub);
}

/* The first character of what follows `node`, as far as emphasis cares: a blank, a sign or a letter. */
static char next_char(cmark_node *node)
{
	cmark_node *next = cmark_node_next(node);

	if (!next)
		return ' ';
	switch (cmark_node_get_type(next)) {
	case CMARK_NODE_TEXT:
		return cmark_node_get_literal(next)[0];
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		return ' ';
	default:
		return '*';
	}
}

static bool is_outside(char c)
{
	return !c || is_space(c) || is_punctuation(c);
}

/* Emphasis, if its signs would be understood where they are written; else only its text. */
static void write_emphasis(struct inline_writer *writer, cmark_node *node, const char *sign,
			   int depth)
{
	SCOPED(buf) struct buf inner = BUF_INIT;
	char before, after = next_char(node);
	struct str text;

	flush_text(writer);
	flush_code(writer);
	write_inner(writer, &inner, node, depth);
	text = str_trim(buf_str(&inner));
	if (!text.len)
		return;
	before = last_char(writer->out);
	if ((is_punctuation(text.ptr[0]) && !is_outside(before)) ||
	    (is_punctuation(text.ptr[text.len - 1]) && !is_outside(after))) {
		add_apart(writer->out, text);
		return;
	}
	if (sign[0] == '*' && is_outside(before) && is_outside(after) &&
	    (before == '*' || text.ptr[0] == '*' || text.ptr[text.len - 1] == '*'))
		sign = sign[1] ? "__" : "_";
	buf_add_text(writer->out, sign);
	buf_add(writer->out, text);
	buf_add_text(writer->out, sign);
}

/* A link that may be live, or its text and its address as code. */
static void write_link(struct inline_writer *writer, cmark_node *node, int depth)
{
	SCOPED(buf) struct buf inner = BUF_INIT;
	SCOPED(buf) struct buf address = BUF_INIT;
	SCOPED(buf) struct buf code = BUF_INIT;
	struct str url = str_from(cmark_node_get_url(node));
	struct buf *out = writer->out;

	write_inner(writer, &inner, node, depth);
	if (cmark_node_get_type(node) == CMARK_NODE_LINK && inner.len && link_is_allowed(url)) {
		flush_text(writer);
		flush_code(writer);
		buf_addf(out, "[%s](", inner.ptr);
		for (size_t i = 0; i < url.len; i++) {
			if (url.ptr[i] == '&')
				buf_add_text(out, "&amp;");
			else
				buf_add_char(out, url.ptr[i]);
		}
		buf_add_char(out, ')');
		return;
	}
	add_address(&address, url);
	add_code_span(&code, buf_str(&address), writer->cell);
	if (str_eq(buf_str(&inner), buf_str(&code)) || !inner.len) {
		flush_text(writer);
		buf_add(&writer->code, buf_str(&address));
		return;
	}
	write_children(writer, node, depth + 1);
	if (!url.len)
		return;
	buf_add_text(&writer->text, " (");
	flush_text(writer);
	buf_add(&writer->code, buf_str(&address));
	buf_add_text(&writer->text, ")");
}

static void write_node(struct inline_writer *writer, cmark_node *node, int depth)
{
	const char *type = cmark_node_get_type_string(node);

	if (depth > DEPTH_MAX) {
		buf_add_text(&writer->text, "…");
		return;
	}
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
	case CMARK_NODE_HTML_INLINE:
		inline_text(writer, str_from(cmark_node_get_literal(node)));
		break;
	case CMARK_NODE_SOFTBREAK:
		flush_text(writer);
		put_break(writer);
		break;
	case CMARK_NODE_LINEBREAK:
		flush_text(writer);
		flush_code(writer);
		if (!writer->single && !at_line_start(writer))
			buf_add_char(writer->out, '\\');
		put_break(writer);
		break;
	case CMARK_NODE_CODE:
		flush_text(writer);
		buf_add_text(&writer->code, cmark_node_get_literal(node));
		break;
	case CMARK_NODE_EMPH:
		write_emphasis(writer, node, "*", depth);
		break;
	case CMARK_NODE_STRONG:
		write_emphasis(writer, node, "**", depth);
		break;
	case CMARK_NODE_LINK:
	case CMARK_NODE_IMAGE:
		write_link(writer, node, depth);
		break;
	default:
		if (strcmp(type, "strikethrough") == 0)
			write_emphasis(writer, node, "~~", depth);
		else
			write_children(writer, node, depth + 1);
	}
}

void inline_children(struct inline_writer *writer, cmark_node *node)
{
	write_children(writer, node, 0);
}
