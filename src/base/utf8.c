/* UTF-8 (RFC 3629): checking, walking, repairing, cutting. */
#include "base/utf8.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd };

/* The meaning of the first byte: length, payload bits, and the range of the second byte (RFC 3629, 4). */
struct lead {
	unsigned char first, last;
	unsigned char len;
	unsigned char mask;
	unsigned char second_min, second_max;
};

static const struct lead leads[] = {
	{0x00, 0x7f, 1, 0x7f, 0x00, 0x00}, {0xc2, 0xdf, 2, 0x1f, 0x80, 0xbf},
	{0xe0, 0xe0, 3, 0x0f, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x0f, 0x80, 0xbf},
	{0xed, 0xed, 3, 0x0f, 0x80, 0x9f}, {0xee, 0xef, 3, 0x0f, 0x80, 0xbf},
	{0xf0, 0xf0, 4, 0x07, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x07, 0x80, 0xbf},
	{0xf4, 0xf4, 4, 0x07, 0x80, 0x8f},
};

static const struct lead *lead_of(unsigned char byte)
{
	for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	}
	return NULL;
}

/* Returns the length of the character at the start of `s`, or 0 when those bytes are not UTF-8. */
static size_t decode(struct str s, uint32_t *character)
{
	const unsigned char *bytes = (const unsigned char *)s.ptr;
	const struct lead *lead = s.len ? lead_of(bytes[0]) : NULL;
	uint32_t value;

	if (!lead || lead->len > s.len)
		return 0;
	value = bytes[0] & lead->mask;
	for (size_t i = 1; i < lead->len; i++) {
		unsigned char min = i == 1 ? lead->second_min : 0x80;
		unsigned char max = i == 1 ? lead->second_max : 0xbf;

		if (bytes[i] < min || bytes[i] > max)
			return 0;
		value = value << 6 | (bytes[i] & 0x3f);
	}
	*character = value;
	return lead->len;
}

/* How many bytes at the start of `s` are ASCII. */
static size_t ascii_len(struct str s)
{
	uint64_t bytes;
	size_t len = 0;

	for (; s.len - len >= sizeof(bytes); len += sizeof(bytes)) {
		memcpy(&bytes, s.ptr + len, sizeof(bytes));
		if (bytes & UINT64_C(0x8080808080808080))
			break;
	}
	while (len < s.len && (unsigned char)s.ptr[len] < 0x80)
		len++;
	return len;
}

bool utf8_valid(struct str s)
{
	uint32_t character;

	for (s = str_skip(s, ascii_len(s)); s.len; s = str_skip(s, ascii_len(s))) {
		size_t len = decode(s, &character);

		if (!len)
			return false;
		s = str_skip(s, len);
	}
	return true;
}

bool utf8_next(struct str *rest, uint32_t *character)
{
	size_t len;

	if (!rest->len)
		return false;
	if ((unsigned char)rest->ptr[0] < 0x80) {
		*character = (unsigned char)rest->ptr[0];
		*rest = str_of(rest->ptr + 1, rest->len - 1);
		return true;
	}
	len = decode(*rest, character);
	if (!len) {
		*character = REPLACEMENT;
		len = 1;
	}
	*rest = str_skip(*rest, len);
	return true;
}

void utf8_add(struct buf *buf, uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = REPLACEMENT;
	if (c < 0x80) {
		buf_add_char(buf, (char)c);
	} else if (c < 0x800) {
		buf_add_char(buf, (char)(0xc0 | c >> 6));
		buf_add_char(buf, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_add_char(buf, (char)(0xe0 | c >> 12));
		buf_add_char(buf, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_add_char(buf, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_add_char(buf, (char)(0xf0 | c >> 18));
		buf_add_char(buf, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_add_char(buf, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_add_char(buf, (char)(0x80 | (c & 0x3f)));
	}
}

void utf8_add_repaired(struct buf *buf, struct str s)
{
	uint32_t character;

	if (utf8_valid(s)) {
		buf_add(buf, s);
		return;
	}
	while (utf8_next(&s, &character))
		utf8_add(buf, character);
}

struct str utf8_cut(struct str s, size_t len)
{
	if (s.len <= len)
		return s;
	while (len && ((unsigned char)s.ptr[len] & 0xc0) == 0x80)
		len--;
	return str_of(s.ptr, len);
}

size_t utf8_count(struct str s)
{
	uint32_t character;
	size_t count = ascii_len(s);

	s = str_skip(s, count);
	while (utf8_next(&s, &character))
		count++;
	return count;
}

struct str utf8_skip_mark(struct str s)
{
	return str_starts(s, STR("\xef\xbb\xbf")) ? str_skip(s, 3) : s;
}

/* Characters without a shape (Unicode, Default_Ignorable_Code_Point), and controls; sorted. */
static const struct code_range {
	uint32_t first, last;
} hidden[] = {
	{0x00, 0x08},       {0x0b, 0x1f},     {0x7f, 0x9f},       {0xad, 0xad},
	{0x034f, 0x034f},   {0x061c, 0x061c}, {0x115f, 0x1160},   {0x17b4, 0x17b5},
	{0x180e, 0x180e},   {0x200b, 0x200b}, {0x200e, 0x200f},   {0x2028, 0x2029},
	{0x2060, 0x2065},   {0x206a, 0x206f}, {0x3164, 0x3164},   {0xfeff, 0xfeff},
	{0xffa0, 0xffa0},   {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
	{0xe0000, 0xe0fff},
};

/* Joiners, and selectors for the shape of the previous character: they belong to words and emoji. */
static const struct code_range shaping[] = {
	{0x180b, 0x180d}, {0x180f, 0x180f}, {0x200c, 0x200d}, {0xfe00, 0xfe0f}};

static bool is_among(uint32_t c, const struct code_range *ranges, size_t len)
{
	for (size_t i = 0; i < len && c >= ranges[i].first; i++) {
		if (c <= ranges[i].last)
			return true;
	}
	return false;
}

bool utf8_is_hidden(uint32_t c)
{
	return is_among(c, hidden, ARRAY_LEN(hidden));
}

bool utf8_has_no_shape(uint32_t c)
{
	return utf8_is_hidden(c) || is_among(c, shaping, ARRAY_LEN(shaping));
}

uint32_t utf8_first_unseen(struct str s)
{
	uint32_t c;

	while (utf8_next(&s, &c)) {
		if (utf8_is_hidden(c) || c == 0xa0 || c == 0x202f || c == 0x3000 ||
		    (c >= 0x2000 && c <= 0x200d))
			return c;
	}
	return 0;
}
