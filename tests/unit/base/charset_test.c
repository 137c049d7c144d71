/* Encodings of text files. */
#include "base/charset.h"

#include "base/utf8.h"

#include "unit.h"

/* Bytes, what they are taken for, and their text; CHARSET_COUNT: they are not text. */
static const struct row {
	struct str bytes;
	enum charset charset;
	const char *text;
} rows[] = {
	{STR_INIT("plain\n"), CHARSET_UTF8, "plain\n"},
	{STR_INIT("\xE2\x82\xAC\n"), CHARSET_UTF8, "\xE2\x82\xAC\n"},
	{STR_INIT("int a; /* one NUL\0 */\nint b = 2;\n"), CHARSET_UTF8,
	 "int a; /* one NUL\xE2\x90\x80 */\nint b = 2;\n"},
	{STR_INIT("\xFF\xFEi\0\xE9\0\n\0"), CHARSET_UTF16LE, "i\xC3\xA9\n"},
	{STR_INIT("\xFE\xFF\0i\xD8\x3D\xDE\x00\0\n"), CHARSET_UTF16BE, "i\xF0\x9F\x98\x80\n"},
	{STR_INIT("i\0n\0t\0 \0a\0 \0=\0 \0\x31\0;\0\n\0"), CHARSET_UTF16LE, "int a = 1;\n"},
	{STR_INIT("\0i\0n\0t\0 \0a\0 \0=\0 \0\x31\0;\0\n"), CHARSET_UTF16BE, "int a = 1;\n"},
	{STR_INIT("caf\xE9 \x80 d\xE9j\xE0 vu\n"), CHARSET_LATIN1,
	 "caf\xC3\xA9 \xE2\x82\xAC d\xC3\xA9j\xC3\xA0 vu\n"},
	{STR_INIT("// \x82\xB1\x82\xEA\x82\xCD\x93\xFA\x96\x7B\x8C\xEA\n"), CHARSET_SHIFT_JIS,
	 "// \xE3\x81\x93\xE3\x82\x8C\xE3\x81\xAF\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\n"},
	{STR_INIT("// \xD6\xD0\xCE\xC4\xD7\xA2\xCA\xCD\n"), CHARSET_GBK,
	 "// \xE4\xB8\xAD\xE6\x96\x87\xE6\xB3\xA8\xE9\x87\x8A\n"},
	{STR_INIT("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\x02"), CHARSET_COUNT, ""},
	{STR_INIT("a\0b"), CHARSET_COUNT, ""},
	/* A mark of UTF-16 before text that programs read by bytes. */
	{STR_INIT("\xFF\xFE<?php system($cmd);\n"), CHARSET_LATIN1,
	 "\xC3\xBF\xC3\xBE<?php system($cmd);\n"},
	{STR_INIT("\xFF\xFE<?php /* \0 */ system($cmd);\n"), CHARSET_COUNT, ""},
	{STR_INIT("\xFE\xFF<?php /* \0 */ system($cmd);\n"), CHARSET_COUNT, ""},
	{STR_INIT(
		 "\xFF\xFE/\0*\0 \0s\0o\0m\0e\0 \0w\0o\0r\0d\0s\0 \0*\0/\0<?php system($cmd);\n\0"),
	 CHARSET_COUNT, ""},
	{STR_INIT("\xFF\xFE\0\0i\0\0\0n\0\0\0t\0\0\0"), CHARSET_COUNT, ""},
	/* EBCDIC: "int main(void)", "return call(a, b);" */
	{STR_INIT(
		 "\x89\x95\xA3\x40\x94\x81\x89\x95\x4D\xA5\x96\x89\x84\x5D\x25\xC0\x25\x40\x40\x40\x40\x99\x85\xA3\xA4\x99\x95\x40\x83\x81\x93\x93\x4D\x81\x6B\x40\x82\x5D\x5E\x25\xD0\x25"),
	 CHARSET_COUNT, ""},
	{STR_INIT("\xFF\xFE\x2D\x4E\x87\x65\xE8\x6C\xCA\x91\n\0"), CHARSET_UTF16LE,
	 "\xE4\xB8\xAD\xE6\x96\x87\xE6\xB3\xA8\xE9\x87\x8A\n"},
};

TEST_LOOP(text_is_told_from_other_bytes_and_decoded, 0, ARRAY_LEN(rows))
{
	const struct row *row = &rows[_i];
	SCOPED(buf) struct buf text = BUF_INIT;
	enum charset charset;
	bool is_text = charset_guess(row->bytes, &charset);

	ck_assert_int_eq(is_text, row->charset != CHARSET_COUNT);
	if (!is_text)
		return;
	ck_assert_int_eq(charset, row->charset);
	charset_decode(row->bytes, charset, &text);
	/* Without the C library's converters, Shift-JIS and GBK are not decoded. */
	if (!str_contains(buf_str(&text), STR("\xEF\xBF\xBD")))
		ck_assert_str_is(buf_str(&text), str_from(row->text));
	else
		ck_assert(charset == CHARSET_SHIFT_JIS || charset == CHARSET_GBK);
}

static void add_unit(struct buf *bytes, uint32_t unit, bool big)
{
	char high = (char)(unit >> 8 & 0xFF);
	char low = (char)(unit & 0xFF);

	buf_add_char(bytes, big ? high : low);
	buf_add_char(bytes, big ? low : high);
}

/* Text of several languages, long enough to have what a short one has not by chance. */
static const char *const languages[] = {
	"人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。",
	"すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
	"모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
	"सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
	"Все люди рождаются свободными и равными в своем достоинстве и правах.",
	"Tous les êtres humains naissent libres ✓ 😀 → ≠",
};

TEST_LOOP(text_in_utf16_is_known_in_any_language, 0, ARRAY_LEN(languages))
{
	for (int big = 0; big < 2; big++) {
		SCOPED(buf) struct buf bytes = BUF_INIT;
		SCOPED(buf) struct buf text = BUF_INIT;
		struct str rest = str_from(languages[_i]);
		enum charset charset;
		uint32_t c;

		add_unit(&bytes, 0xFEFF, big);
		while (utf8_next(&rest, &c)) {
			if (c >= 0x10000)
				add_unit(&bytes, 0xD800 + ((c - 0x10000) >> 10), big);
			add_unit(&bytes, c >= 0x10000 ? 0xDC00 + ((c - 0x10000) & 0x3FF) : c, big);
		}
		ck_assert(charset_guess(buf_str(&bytes), &charset));
		ck_assert_int_eq(charset, big ? CHARSET_UTF16BE : CHARSET_UTF16LE);
		charset_decode(buf_str(&bytes), charset, &text);
		ck_assert_str_is(buf_str(&text), str_from(languages[_i]));
	}
}
