/* Characters of untrusted text, and code written so that nothing ends it early. */
#include <string.h>

#include "base/utf8.h"
#include "output/sanitize_parts.h"

/*
 * cmark-gfm takes a run of more than 80 backticks for text, never for the begin of a code span; and of a fence it
 * counts 255 backticks at most, so that a line of 255 ends a longer one.
 */
enum { FENCE_LEN_MIN = 3, SPAN_RUN_MAX = 79, FENCE_RUN_MAX = 253 };

bool is_bidi_control(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void add_prose(struct buf *out, struct str text)
{
	uint32_t c;

	while (utf8_next(&text, &c)) {
		if (is_bidi_control(c))
			buf_addf(out, "\\u%04x", (unsigned)c);
		else if (!utf8_is_hidden(c))
			utf8_add(out, c);
	}
}

bool is_marker_at(struct str text, size_t at)
{
	struct str rest = str_skip(text, at);

	if (!str_starts(rest, STR("<!--")))
		return false;
	return str_starts_nocase(str_trim(str_skip(rest, 4)), STR("outcrop"));
}

void add_code_text(struct buf *out, struct str text)
{
	struct str rest = text;
	uint32_t c;

	while (rest.len) {
		size_t at = text.len - rest.len;

		if (is_marker_at(text, at)) {
			buf_add_text(out, "<! --");
			rest = str_skip(rest, 4);
			continue;
		}
		if (!utf8_next(&rest, &c))
			break;
		if (is_bidi_control(c))
			buf_addf(out, "\\u%04x", (unsigned)c);
		else
			buf_add(out, str_slice(text, at, text.len - rest.len - at));
	}
}

/* Appends the text with a blank after each `max` backticks in a row; returns the longest run that is left. */
static size_t add_runs(struct buf *out, struct str text, size_t max)
{
	size_t longest = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] != '`') {
			len = 0;
		} else if (len == max) {
			buf_add_char(out, ' ');
			len = 1;
		} else {
			len++;
		}
		longest = MAX_OF(longest, len);
		buf_add_char(out, text.ptr[i]);
	}
	return longest;
}

bool fence_can_hold(struct str text)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		len = text.ptr[i] == '`' ? len + 1 : 0;
		if (len > FENCE_RUN_MAX)
			return false;
	}
	return true;
}

/* One line; in a cell `|` is escaped, which GitHub undoes before it looks for code. */
static void add_span_text(struct buf *out, struct str text, bool cell)
{
	SCOPED(buf) struct buf code = BUF_INIT;

	add_code_text(&code, text);
	for (size_t i = 0; i < code.len; i++) {
		char c = code.ptr[i];

		if (c == '\n' || c == '\r') {
			buf_add_char(out, ' ');
		} else if (c == '|' && cell) {
			/* Two backslashes before it would escape each other. */
			if (i && code.ptr[i - 1] == '\\')
				buf_add_char(out, ' ');
			buf_add_text(out, "\\|");
		} else {
			buf_add_char(out, c);
		}
	}
}

void add_apart(struct buf *out, struct str text)
{
	if (out->len && out->ptr[out->len - 1] == '`' && str_starts(text, STR("`")))
		buf_add_char(out, ' ');
	buf_add(out, text);
}

void add_code_span(struct buf *out, struct str text, bool cell)
{
	SCOPED(buf) struct buf span = BUF_INIT;
	SCOPED(buf) struct buf shown = BUF_INIT;
	SCOPED(buf) struct buf whole = BUF_INIT;
	struct str code;
	size_t len;
	bool pad;

	add_span_text(&span, text, cell);
	len = add_runs(&shown, buf_str(&span), SPAN_RUN_MAX) + 1;
	code = str_trim(buf_str(&shown));
	if (!code.len)
		return;
	pad = code.ptr[0] == '`' || code.ptr[code.len - 1] == '`';
	buf_add_many(&whole, '`', len);
	if (pad)
		buf_add_char(&whole, ' ');
	buf_add(&whole, code);
	if (pad)
		buf_add_char(&whole, ' ');
	buf_add_many(&whole, '`', len);
	add_apart(out, buf_str(&whole));
}

void add_fenced(struct buf *out, struct str info, struct str text)
{
	SCOPED(buf) struct buf shown = BUF_INIT;
	size_t len = add_runs(&shown, text, FENCE_RUN_MAX) + 1;

	len = MAX_OF(len, (size_t)FENCE_LEN_MIN);
	buf_add_many(out, '`', len);
	buf_add(out, info);
	buf_add_char(out, '\n');
	buf_add(out, buf_str(&shown));
	if (text.len && text.ptr[text.len - 1] != '\n')
		buf_add_char(out, '\n');
	buf_add_many(out, '`', len);
	buf_add_char(out, '\n');
}
