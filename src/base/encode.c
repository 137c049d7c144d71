/* Hexadecimal, base64 (RFC 4648) and percent-encoding (RFC 3986). */
#include "base/encode.h"

#include <string.h>

#include "base/ascii.h"
#include "base/breathe.h"

void hex_add(struct buf *buf, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.ptr[i];

		buf_add_char(buf, digits[byte >> 4]);
		buf_add_char(buf, digits[byte & 15]);
	}
}

static const char base64_alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_add(struct buf *buf, struct str bytes)
{
	(void)buf_room(buf, (bytes.len + 2) / 3 * 4);
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t count = MIN_OF(bytes.len - i, (size_t)3);
		uint32_t group = 0;

		for (size_t j = 0; j < 3; j++)
			group = group << 8 | (j < count ? (unsigned char)bytes.ptr[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			buf_add_char(buf, j <= count ? base64_alphabet[group >> (18 - 6 * j) & 63]
						     : '=');
	}
}

/* The digit's value; -1 for any other character. Of both alphabets of RFC 4648. */
static int base64_digit(char c)
{
	if (ascii_is_upper(c))
		return c - 'A';
	if (ascii_is_lower(c))
		return c - 'a' + 26;
	if (ascii_is_digit(c))
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

bool base64_decode(struct str text, struct buf *bytes)
{
	uint32_t group = 0;
	unsigned bits = 0;
	size_t len = bytes->len;
	size_t count = 0;
	char *out;

	for (int padding = 0; padding < 2 && text.len && text.ptr[text.len - 1] == '='; padding++)
		text.len--;
	if (text.len % 4 == 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (base64_digit(text.ptr[i]) < 0)
			return false;
	}
	out = buf_room(bytes, text.len / 4 * 3 + 3);
	for (size_t i = 0; i < text.len; i++) {
		group = group << 6 | (uint32_t)base64_digit(text.ptr[i]);
		bits += 6;
		breathe_each(&count);
		if (bits >= 8) {
			bits -= 8;
			*out++ = (char)(group >> bits & 0xff);
		}
	}
	buf_set_len(bytes, len + text.len * 3 / 4);
	return true;
}

static bool is_unreserved(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void percent_add(struct buf *buf, struct str s, const char *keep)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (is_unreserved(c) || (c && keep && strchr(keep, c))) {
			buf_add_char(buf, c);
			continue;
		}
		buf_add_char(buf, '%');
		buf_add_char(buf, digits[(unsigned char)c >> 4]);
		buf_add_char(buf, digits[(unsigned char)c & 15]);
	}
}

void percent_decode(struct str s, struct buf *buf)
{
	for (size_t i = 0; i < s.len; i++) {
		int high = s.len - i > 2 ? ascii_hex_value(s.ptr[i + 1]) : -1;
		int low = s.len - i > 2 ? ascii_hex_value(s.ptr[i + 2]) : -1;

		if (s.ptr[i] == '%' && high >= 0 && low >= 0) {
			buf_add_char(buf, (char)(high << 4 | low));
			i += 2;
		} else {
			buf_add_char(buf, s.ptr[i]);
		}
	}
}
