/* Detects the encoding of text files, and decodes them to UTF-8. */
#include "base/charset.h"

#include <iconv.h>

#include "base/breathe.h"
#include "base/utf8.h"

enum {
	PROBE_SIZE = 64 << 10,  /* bytes that are examined */
	CONTROLS_PER_CENT = 10, /* binary at this number or more */
	UTF16_SIZE_MIN = 16,    /* shorter files need a byte order mark */
	ASCII_RUN_MAX = 8,      /* characters made of two ASCII bytes, in a row: not by chance */
	KANA_HIGH = 0x30,
	SHOWN_NUL = 0x2400,
	REPLACEMENT = 0xFFFD,
};

/* ---- Guessing ---- */

/* Counts that describe the bytes. */
struct counts {
	size_t nul_even, nul_odd, controls;
};

static struct counts count_bytes(struct str bytes)
{
	struct counts counts = {0};

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];

		counts.nul_even += !c && i % 2 == 0;
		counts.nul_odd += !c && i % 2 == 1;
		counts.controls += c < ' ' && !(c >= '\t' && c <= '\r') && c != 0x1B;
	}
	return counts;
}

static bool is_few(size_t part, size_t whole)
{
	return part * 100 <= whole * CONTROLS_PER_CENT;
}

static bool is_ascii_text(char c)
{
	return (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r');
}

/*
 * Whether a text that could be UTF-16 is partly ASCII. Compilers and interpreters that read bytes
 * execute that part, but a reader of UTF-16 sees other characters there. Two ASCII bytes are a
 * rare or a Chinese character: in Chinese text, few in a row and fewer than half. Pairs with a
 * "0" or a line break can be kana or Indian letters: they are not evidence.
 */
static bool mixes_ascii(struct str bytes, bool big)
{
	size_t run = 0;
	size_t pairs = 0;
	size_t others = 0;

	for (size_t i = 0; i + 1 < bytes.len; i += 2) {
		char high = bytes.ptr[i + !big];
		char low = bytes.ptr[i + big];

		if (high == KANA_HIGH || (high >= '\t' && high <= '\r'))
			continue;
		if (is_ascii_text(high) && is_ascii_text(low)) {
			pairs++;
			run++;
		} else {
			run = 0;
		}
		others += high && low;
		if (run == ASCII_RUN_MAX)
			return true;
	}
	return others >= ASCII_RUN_MAX && pairs * 2 > others;
}

static bool is_utf32(struct str bytes)
{
	return str_starts(bytes, STR("\xFF\xFE\0\0")) || str_starts(bytes, STR("\0\0\xFE\xFF"));
}

/* Detects UTF-16 by the byte order mark, or by the zero half of nearly each ASCII character. */
static bool guess_utf16(struct str bytes, const struct counts *counts, enum charset *charset)
{
	size_t half = bytes.len >= UTF16_SIZE_MIN ? bytes.len / 2 : SIZE_MAX / 4;

	if (is_utf32(bytes))
		return false;
	if (str_starts(bytes, STR("\xFF\xFE")) ||
	    (counts->nul_odd * 3 > half && is_few(counts->nul_even, half))) {
		*charset = CHARSET_UTF16LE;
		return true;
	}
	*charset = CHARSET_UTF16BE;
	return str_starts(bytes, STR("\xFE\xFF")) ||
	       (counts->nul_even * 3 > half && is_few(counts->nul_odd, half));
}

static bool is_sjis_lead(unsigned char c)
{
	return (c >= 0x81 && c <= 0x9F) || (c >= 0xE0 && c <= 0xFC);
}

/* Most characters of Japanese text are pairs, many of them kana, whose lead bytes hardly occur elsewhere. */
static bool looks_like_sjis(struct str bytes)
{
	size_t pairs = 0;
	size_t singles = 0;
	size_t kana = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		unsigned char next = i + 1 < bytes.len ? (unsigned char)bytes.ptr[i + 1] : 0;

		if (c < 0x80)
			continue;
		if (c >= 0xA1 && c <= 0xDF) {
			singles++;
			continue;
		}
		if (!is_sjis_lead(c) || next < 0x40 || next == 0x7F || next > 0xFC)
			return false;
		pairs++;
		kana += c == 0x82 || c == 0x83;
		i++;
	}
	return pairs > singles && kana * 4 >= pairs;
}

/* Pairs whose second byte is high too: in Western text, high bytes are alone. */
static bool looks_like_gbk(struct str bytes)
{
	size_t pairs = 0;
	size_t high = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		unsigned char next = i + 1 < bytes.len ? (unsigned char)bytes.ptr[i + 1] : 0;

		if (c < 0x80)
			continue;
		if (c == 0x80 || c == 0xFF || next < 0x40 || next == 0x7F || next == 0xFF)
			return false;
		pairs++;
		high += next >= 0xA1;
		i++;
	}
	return pairs && high * 5 >= pairs * 4;
}

/*
 * EBCDIC, which mainframe compilers read: blanks are 0x40, and nearly all letters and digits are
 * high bytes. Read as Windows-1252, it would give other letters, not an error.
 */
static bool looks_like_ebcdic(struct str bytes)
{
	size_t blanks = 0;
	size_t ascii_blanks = 0;
	size_t letters = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		unsigned char low = c & 0x0F;

		blanks += c == 0x40;
		ascii_blanks += c == ' ';
		letters += c > 0x80 && c >> 4 != 0xB && low <= 9 && (low || c == 0xF0);
	}
	return letters * 5 > (bytes.len - blanks) * 2 && blanks * 20 > bytes.len &&
	       ascii_blanks * 4 < blanks;
}

bool charset_guess(struct str bytes, enum charset *charset)
{
	struct str probe = str_slice(bytes, 0, PROBE_SIZE);
	struct counts counts = count_bytes(probe);

	*charset = CHARSET_UTF8;
	if (guess_utf16(probe, &counts, charset) &&
	    !mixes_ascii(bytes, *charset == CHARSET_UTF16BE))
		return true;
	*charset = CHARSET_UTF8;
	if (!is_few(counts.controls, probe.len))
		return false;
	if (utf8_valid(bytes))
		return true;
	if (counts.nul_even || counts.nul_odd || looks_like_ebcdic(probe))
		return false;
	if (looks_like_sjis(bytes))
		*charset = CHARSET_SHIFT_JIS;
	else
		*charset = looks_like_gbk(bytes) ? CHARSET_GBK : CHARSET_LATIN1;
	return true;
}

/* ---- Decoding ---- */

static void add_visible(struct buf *out, uint32_t c)
{
	utf8_add(out, c ? c : SHOWN_NUL);
}

static uint32_t unit_at(struct str bytes, size_t at, bool big)
{
	uint32_t first = (unsigned char)bytes.ptr[at];
	uint32_t second = (unsigned char)bytes.ptr[at + 1];

	return big ? first << 8 | second : second << 8 | first;
}

static void decode_utf16(struct str bytes, bool big, struct buf *out)
{
	size_t at = 0;
	size_t count = 0;

	if (bytes.len >= 2 && unit_at(bytes, 0, big) == 0xFEFF)
		at = 2;
	while (at + 1 < bytes.len) {
		uint32_t unit = unit_at(bytes, at, big);
		uint32_t low = at + 3 < bytes.len ? unit_at(bytes, at + 2, big) : 0;

		at += 2;
		if (unit >= 0xD800 && unit <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) {
			unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
			at += 2;
		}
		add_visible(out, unit); /* half a pair becomes U+FFFD */
		breathe_each(&count);
	}
	if (at < bytes.len)
		utf8_add(out, REPLACEMENT);
}

static void decode_utf8(struct str bytes, struct buf *out)
{
	size_t count = 0;
	uint32_t c;

	while (utf8_next(&bytes, &c)) {
		add_visible(out, c);
		breathe_each(&count);
	}
}

/* Windows-1252 has these between 0x80 and 0x9F; 0: none. */
static const uint16_t windows_1252[] = {
	0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static void decode_latin1(struct str bytes, struct buf *out)
{
	size_t count = 0;

	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		uint32_t shown = c >= 0x80 && c <= 0x9F ? windows_1252[c - 0x80] : c;

		add_visible(out, shown || !c ? shown : REPLACEMENT);
		breathe_each(&count);
	}
}

/* Converts as much as possible, with U+FFFD for each invalid byte. */
static void convert(iconv_t converter, struct str bytes, struct buf *out)
{
	char *in = (char *)(uintptr_t)bytes.ptr;
	size_t left = bytes.len;

	while (left) {
		char space[4096];
		char *to = space;
		size_t room = sizeof(space);
		size_t before = left;
		size_t result = iconv(converter, &in, &left, &to, &room);

		breathe();
		buf_add(out, str_of(space, sizeof(space) - room));
		if (result == (size_t)-1 && left == before && room == sizeof(space)) {
			utf8_add(out, REPLACEMENT);
			in++;
			left--;
		}
	}
}

static void decode_by_library(struct str bytes, const char *name, struct buf *out)
{
	iconv_t converter = iconv_open("UTF-8", name);

	if ((intptr_t)converter == -1) {
		decode_utf8(bytes, out);
		return;
	}
	convert(converter, bytes, out);
	iconv_close(converter);
}

void charset_decode(struct str bytes, enum charset charset, struct buf *out)
{
	switch (charset) {
	case CHARSET_UTF16LE:
	case CHARSET_UTF16BE:
		decode_utf16(bytes, charset == CHARSET_UTF16BE, out);
		break;
	case CHARSET_SHIFT_JIS:
		decode_by_library(bytes, "CP932", out);
		break;
	case CHARSET_GBK:
		decode_by_library(bytes, "GB18030", out);
		break;
	case CHARSET_LATIN1:
		decode_latin1(bytes, out);
		break;
	default:
		decode_utf8(bytes, out);
		break;
	}
}
