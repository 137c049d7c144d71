/* Writes the escapes of JSON's strings. */
#include "value/json_escape.h"

#include <limits.h>
#include <string.h>

#include "base/utf8.h"
#include "value/json_quick.h"

/* Appends `plain` and the escape of the character at the start of `rest`, which is taken off. */
static void write_escaped(struct buf *buf, struct str plain, struct str *rest)
{
	static const char letters[UCHAR_MAX + 1] = {
		['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n',  ['\f'] = 'f',
		['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
	};
	char letter = letters[(unsigned char)rest->ptr[0]];
	uint32_t character;
	char *to;

	if (!letter) {
		utf8_next(rest, &character);
		buf_add(buf, plain);
		buf_addf(buf, "\\u%04x", (unsigned)character);
		return;
	}
	to = buf_room(buf, plain.len + 2);
	memcpy(to, plain.ptr, plain.len);
	to[plain.len] = '\\';
	to[plain.len + 1] = letter;
	buf_set_len(buf, buf->len + plain.len + 2);
	*rest = str_of(rest->ptr + 1, rest->len - 1);
}

/* Returns how many bytes at the start of `text` are written unchanged, judged byte by byte. */
static size_t plain_len(struct str text)
{
	size_t len = 0;

	while (len < text.len) {
		size_t plain =
			text.len - len < sizeof(uint64_t) ? 0 : json_plain_of_eight(text.ptr + len);
		unsigned char c;

		len += plain;
		if (plain == sizeof(uint64_t))
			continue;
		c = (unsigned char)text.ptr[len];
		if (c < ' ' || c == '"' || c == '\\' || c == 0x7f || c == 0xc2 || c == 0xe2)
			break;
		len++;
	}
	return len;
}

/*
 * Whether a character starts here that a terminal or an editor interprets: C1 controls, line
 * separators, and direction marks. They start with bytes that other characters start with too.
 */
static bool acts(struct str text)
{
	unsigned char second = text.len > 1 ? (unsigned char)text.ptr[1] : 0;
	unsigned char third = text.len > 2 ? (unsigned char)text.ptr[2] : 0;

	if (text.ptr[0] == '\xc2')
		return second >= 0x80 && second < 0xa0;
	return (second == 0x80 && third >= 0xa8 && third <= 0xae) ||
	       (second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

void json_escape(struct buf *buf, struct str text)
{
	struct str plain = text;
	struct str rest = text;

	while (rest.len) {
		size_t len = plain_len(rest);

		rest = str_of(rest.ptr + len, rest.len - len);
		if (!rest.len)
			break;
		if ((rest.ptr[0] == '\xe2' || rest.ptr[0] == '\xc2') && !acts(rest)) {
			rest = str_of(rest.ptr + 1, rest.len - 1);
			continue;
		}
		write_escaped(buf, str_of(plain.ptr, (size_t)(rest.ptr - plain.ptr)), &rest);
		plain = rest;
	}
	buf_add(buf, plain);
}
