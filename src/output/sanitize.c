/* Makes model text safe for a comment. */
#include "output/sanitize.h"

#include "base/breathe.h"
#include "base/utf8.h"
#include "output/sanitize_parts.h"

/* UTF-8 as the parser takes it: no NUL; CR LF and lone CR become LF. */
static void add_readable(struct buf *out, struct str text)
{
	uint32_t before = 0;
	uint32_t c;

	while (utf8_next(&text, &c)) {
		if (c == '\r')
			buf_add_char(out, '\n');
		else if (!(c == '\n' && before == '\r'))
			utf8_add(out, c ? c : 0xfffd);
		before = c;
	}
}

/* Text that fails the check is shown as one code block. */
static void add_as_code(struct buf *out, struct str text)
{
	SCOPED(buf) struct buf code = BUF_INIT;

	add_code_text(&code, text);
	add_fenced(out, STR_EMPTY, buf_str(&code));
	buf_set_len(out, out->len - 1);
}

static void add_split(struct buf *first, struct buf *rest, struct str text, size_t words_max)
{
	SCOPED(buf) struct buf readable = BUF_INIT;
	SCOPED(buf) struct buf head = BUF_INIT;
	SCOPED(buf) struct buf tail = BUF_INIT;
	cmark_node *document;

	add_readable(&readable, utf8_cut(text, SANITIZE_SIZE_MAX));
	document = markdown_parse(buf_str(&readable), false);
	markdown_write_split(&head, &tail, document, words_max);
	cmark_node_free(document);
	breathe();
	if (markdown_is_safe(buf_str(&head)) && markdown_is_safe(buf_str(&tail))) {
		buf_add(first, buf_str(&head));
		buf_add(rest, buf_str(&tail));
	} else {
		add_as_code(first, buf_str(&readable));
	}
}

void sanitize_markdown(struct buf *out, struct str text)
{
	SCOPED(buf) struct buf none = BUF_INIT;

	add_split(out, &none, text, SIZE_MAX);
}

/* How much of `text` fits into `len` bytes when cut behind a line, else at a character. */
static size_t cut_point(struct str text, size_t len)
{
	ptrdiff_t line_end;

	if (text.len <= len)
		return text.len;
	line_end = str_rfind_char(str_slice(text, 0, len), '\n');
	if (line_end > 0 && (size_t)line_end > len / 2)
		return (size_t)line_end + 1;
	return utf8_cut(text, len).len;
}

size_t sanitize_markdown_split(struct buf *first, struct buf *rest, struct str text,
			       size_t size_max, size_t words_max)
{
	size_t len = cut_point(text, MIN_OF(size_max, (size_t)SANITIZE_SIZE_MAX));

	for (;;) {
		SCOPED(buf) struct buf head = BUF_INIT;
		SCOPED(buf) struct buf tail = BUF_INIT;

		breathe();
		add_split(&head, &tail, str_slice(text, 0, len), words_max);
		if (head.len + tail.len <= size_max) {
			buf_add(first, buf_str(&head));
			buf_add(rest, buf_str(&tail));
			return text.len - len;
		}
		len = cut_point(str_slice(text, 0, len), len / 2);
	}
}

size_t sanitize_markdown_within(struct buf *out, struct str text, size_t size_max)
{
	SCOPED(buf) struct buf none = BUF_INIT;

	return sanitize_markdown_split(out, &none, text, size_max, SIZE_MAX);
}

/* What makes every line a paragraph: no list, heading, definition or code block begins with a letter. */
static const struct str line_start = STR_INIT("x ");

static void add_line(struct buf *out, struct str text, bool cell)
{
	SCOPED(buf) struct buf readable = BUF_INIT;
	SCOPED(buf) struct buf line = BUF_INIT;
	SCOPED(buf) struct buf safe = BUF_INIT;
	SCOPED(buf) struct buf check = BUF_INIT;
	cmark_node *document;

	add_readable(&readable, str_trim(utf8_cut(text, SANITIZE_SIZE_MAX)));
	buf_add(&line, line_start);
	buf_add(&line, buf_str(&readable));
	for (size_t i = 0; i < line.len; i++) {
		if (line.ptr[i] == '\n' || line.ptr[i] == '\t')
			line.ptr[i] = ' ';
	}
	document = markdown_parse(buf_str(&line), false);
	markdown_write_line(&safe, document, cell, line_start.len);
	cmark_node_free(document);
	buf_add(&check, line_start);
	buf_add(&check, buf_str(&safe));
	if (markdown_is_safe(buf_str(&check)) && line_closes_code(buf_str(&safe)))
		buf_add(out, buf_str(&safe));
	else
		add_code_span(out, buf_str(&readable), cell);
}

void sanitize_line(struct buf *out, struct str text)
{
	add_line(out, text, false);
}

void sanitize_cell(struct buf *out, struct str text)
{
	add_line(out, text, true);
}

static void add_code(struct buf *out, struct str text, bool cell)
{
	SCOPED(buf) struct buf readable = BUF_INIT;

	add_readable(&readable, text);
	add_code_span(out, buf_str(&readable), cell);
}

void sanitize_code(struct buf *out, struct str text)
{
	add_code(out, text, false);
}

void sanitize_code_cell(struct buf *out, struct str text)
{
	add_code(out, text, true);
}

void sanitize_block(struct buf *out, const char *info, struct str text)
{
	SCOPED(buf) struct buf readable = BUF_INIT;
	SCOPED(buf) struct buf code = BUF_INIT;

	add_readable(&readable, text);
	add_code_text(&code, buf_str(&readable));
	add_fenced(out, str_from(info), buf_str(&code));
}

bool sanitize_can_suggest(struct str text)
{
	struct str rest = text;
	uint32_t c;

	if (!utf8_valid(text) || !fence_can_hold(text))
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (is_marker_at(text, i))
			return false;
	}
	while (utf8_next(&rest, &c)) {
		if (!c || is_bidi_control(c))
			return false;
	}
	return true;
}

void sanitize_suggestion(struct buf *out, struct str text)
{
	add_fenced(out, STR("suggestion"), text);
}
