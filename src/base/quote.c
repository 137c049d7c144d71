/* File names as git quotes them in its output. */
#include "base/quote.h"

#include "base/utf8.h"

static const struct {
	char letter;
	char byte;
} escapes[] = {
	{'a', '\a'}, {'b', '\b'}, {'t', '\t'}, {'n', '\n'},  {'v', '\v'},
	{'f', '\f'}, {'r', '\r'}, {'"', '"'},  {'\\', '\\'},
};

/* Characters that are invisible or change the display: controls, line separators, direction marks. */
static bool is_hidden(uint32_t c)
{
	return c < ' ' || utf8_has_no_shape(c) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

/* True when quote_add() would change the name. */
static bool quote_needed(struct str name)
{
	struct str rest = name;
	uint32_t c;

	if (!utf8_valid(name) || str_starts(name, STR("\"")) || str_trim(name).len != name.len)
		return true;
	while (utf8_next(&rest, &c)) {
		if (is_hidden(c))
			return true;
	}
	return false;
}

static void add_byte(struct buf *out, char byte)
{
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++) {
		if (escapes[i].byte == byte) {
			buf_add_char(out, '\\');
			buf_add_char(out, escapes[i].letter);
			return;
		}
	}
	buf_addf(out, "\\%03o", (unsigned char)byte);
}

void quote_add(struct buf *out, struct str name)
{
	if (!quote_needed(name)) {
		buf_add(out, name);
		return;
	}
	buf_add_char(out, '"');
	while (name.len) {
		struct str rest = name;
		struct str character;
		uint32_t c;

		utf8_next(&rest, &c);
		character = str_slice(name, 0, name.len - rest.len);
		name = rest;
		if (!is_hidden(c) && c != '"' && c != '\\' && utf8_valid(character)) {
			buf_add(out, character);
			continue;
		}
		for (size_t i = 0; i < character.len; i++)
			add_byte(out, character.ptr[i]);
	}
	buf_add_char(out, '"');
}

/* Decodes what follows a backslash; returns its length, 0 when it is not an escape. */
static size_t unescape(struct str text, char *byte)
{
	unsigned value = 0;

	for (size_t i = 0; text.len && i < ARRAY_LEN(escapes); i++) {
		if (escapes[i].letter == text.ptr[0]) {
			*byte = escapes[i].byte;
			return 1;
		}
	}
	if (text.len < 3)
		return 0;
	for (size_t i = 0; i < 3; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '7')
			return 0;
		value = value * 8 + (unsigned)(text.ptr[i] - '0');
	}
	*byte = (char)value;
	return value && value <= 255 ? 3 : 0;
}

bool quote_take(struct str *text, struct buf *name)
{
	size_t before = name->len;

	for (size_t i = 1; str_starts(*text, STR("\"")) && i < text->len; i++) {
		char c = text->ptr[i];

		if (c == '"') {
			*text = str_skip(*text, i + 1);
			return true;
		}
		if (c == '\\') {
			size_t len = unescape(str_skip(*text, i + 1), &c);

			if (!len)
				break;
			i += len;
		}
		buf_add_char(name, c);
	}
	buf_set_len(name, before);
	return false;
}
