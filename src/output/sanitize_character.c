/* Characters of untrusted text, and code written so that nothing ends it early. */
#include <string.h>

#include "base/utf8.h"
#include "output/sanitize_parts.h"

enum { FENCE_LEN_MIN = 3 };

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

static size_t longest_run(struct str text, char c)
{
	size_t longest = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		len = text.ptr[i] == c ? len + 1 : 0;
		longest = MAX_OF(longest, len);
	}
	return longest;
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
	SCOPED(buf) struct buf whole = BUF_INIT;
	struct str code;
	size_t len;
	bool pad;

	add_span_text(&span, text, cell);
	code = str_trim(buf_str(&span));
	if (!code.len)
		return;
	len = longest_run(code, '`') + 1;
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
	size_t len = MAX_OF(longest_run(text, '`') + 1, (size_t)FENCE_LEN_MIN);

	buf_add_many(out, '`', len);
	buf_add(out, info);
	buf_add_char(out, '\n');
	buf_add(out, text);
	if (text.len && text.ptr[text.len - 1] != '\n')
		buf_add_char(out, '\n');
	buf_add_many(out, '`', len);
	buf_add_char(out, '\n');
}
