/* The visible form of a text: what looks alike becomes equal. */
#include "finding/visible.h"

#include <stdlib.h>

#include "base/utf8.h"

/*
 * The letters below accents, from the canonical decompositions of the Unicode Character Database: '.' where
 * there is none, or it is not an ASCII letter.
 */
static const char latin[] = /* U+00C0 to U+024F */
	"AAAAAA.CEEEEIIII.NOOOOO..UUUUY..aaaaaa.ceeeeiiii.nooooo..uuuuy.y"
	"AaAaAaCcCcCcCcDd..EeEeEeEeEeGgGgGgGgHh..IiIiIiIiI...JjKk.LlLlLl."
	"...NnNnNn...OoOoOo..RrRrRrSsSsSsSsTtTt..UuUuUuUuUuUuWwYyYZzZzZz."
	"................................Oo.............Uu..............."
	".............AaIiOoUuUuUuUuUu.AaAa....GgKkOoOo..j...Gg..NnAa...."
	"AaAaEeEeIiIiOoOoRrRrUuUuSsTt..Hh......AaEeOoOoOoOoYy............"
	"................";
static const char latin_additional[] = /* U+1E00 to U+1EFF */
	"AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMm"
	"MmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVv"
	"WwWwWwWwWwXxXxYyZzZzZzhtwy......AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEe"
	"EeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy......";

/* The same for Greek, Cyrillic and kana. Sorted. */
static const struct base_letter {
	uint16_t letter, base;
} base_letters[] = {
	{0x0385, 0x00A8}, {0x0386, 0x0391}, {0x0388, 0x0395}, {0x0389, 0x0397}, {0x038A, 0x0399},
	{0x038C, 0x039F}, {0x038E, 0x03A5}, {0x038F, 0x03A9}, {0x0390, 0x03B9}, {0x03AA, 0x0399},
	{0x03AB, 0x03A5}, {0x03AC, 0x03B1}, {0x03AD, 0x03B5}, {0x03AE, 0x03B7}, {0x03AF, 0x03B9},
	{0x03B0, 0x03C5}, {0x03CA, 0x03B9}, {0x03CB, 0x03C5}, {0x03CC, 0x03BF}, {0x03CD, 0x03C5},
	{0x03CE, 0x03C9}, {0x03D3, 0x03D2}, {0x03D4, 0x03D2}, {0x0400, 0x0415}, {0x0401, 0x0415},
	{0x0403, 0x0413}, {0x0407, 0x0406}, {0x040C, 0x041A}, {0x040D, 0x0418}, {0x040E, 0x0423},
	{0x0419, 0x0418}, {0x0439, 0x0438}, {0x0450, 0x0435}, {0x0451, 0x0435}, {0x0453, 0x0433},
	{0x0457, 0x0456}, {0x045C, 0x043A}, {0x045D, 0x0438}, {0x045E, 0x0443}, {0x0476, 0x0474},
	{0x0477, 0x0475}, {0x04C1, 0x0416}, {0x04C2, 0x0436}, {0x04D0, 0x0410}, {0x04D1, 0x0430},
	{0x04D2, 0x0410}, {0x04D3, 0x0430}, {0x04D6, 0x0415}, {0x04D7, 0x0435}, {0x04DA, 0x04D8},
	{0x04DB, 0x04D9}, {0x04DC, 0x0416}, {0x04DD, 0x0436}, {0x04DE, 0x0417}, {0x04DF, 0x0437},
	{0x04E2, 0x0418}, {0x04E3, 0x0438}, {0x04E4, 0x0418}, {0x04E5, 0x0438}, {0x04E6, 0x041E},
	{0x04E7, 0x043E}, {0x04EA, 0x04E8}, {0x04EB, 0x04E9}, {0x04EC, 0x042D}, {0x04ED, 0x044D},
	{0x04EE, 0x0423}, {0x04EF, 0x0443}, {0x04F0, 0x0423}, {0x04F1, 0x0443}, {0x04F2, 0x0423},
	{0x04F3, 0x0443}, {0x04F4, 0x0427}, {0x04F5, 0x0447}, {0x04F8, 0x042B}, {0x04F9, 0x044B},
	{0x304C, 0x304B}, {0x304E, 0x304D}, {0x3050, 0x304F}, {0x3052, 0x3051}, {0x3054, 0x3053},
	{0x3056, 0x3055}, {0x3058, 0x3057}, {0x305A, 0x3059}, {0x305C, 0x305B}, {0x305E, 0x305D},
	{0x3060, 0x305F}, {0x3062, 0x3061}, {0x3065, 0x3064}, {0x3067, 0x3066}, {0x3069, 0x3068},
	{0x3070, 0x306F}, {0x3071, 0x306F}, {0x3073, 0x3072}, {0x3074, 0x3072}, {0x3076, 0x3075},
	{0x3077, 0x3075}, {0x3079, 0x3078}, {0x307A, 0x3078}, {0x307C, 0x307B}, {0x307D, 0x307B},
	{0x3094, 0x3046}, {0x309E, 0x309D}, {0x30AC, 0x30AB}, {0x30AE, 0x30AD}, {0x30B0, 0x30AF},
	{0x30B2, 0x30B1}, {0x30B4, 0x30B3}, {0x30B6, 0x30B5}, {0x30B8, 0x30B7}, {0x30BA, 0x30B9},
	{0x30BC, 0x30BB}, {0x30BE, 0x30BD}, {0x30C0, 0x30BF}, {0x30C2, 0x30C1}, {0x30C5, 0x30C4},
	{0x30C7, 0x30C6}, {0x30C9, 0x30C8}, {0x30D0, 0x30CF}, {0x30D1, 0x30CF}, {0x30D3, 0x30D2},
	{0x30D4, 0x30D2}, {0x30D6, 0x30D5}, {0x30D7, 0x30D5}, {0x30D9, 0x30D8}, {0x30DA, 0x30D8},
	{0x30DC, 0x30DB}, {0x30DD, 0x30DB}, {0x30F4, 0x30A6}, {0x30F7, 0x30EF}, {0x30F8, 0x30F0},
	{0x30F9, 0x30F1}, {0x30FA, 0x30F2}, {0x30FE, 0x30FD},
};

enum {
	LATIN_FIRST = 0xC0,
	LATIN_ADDITIONAL_FIRST = 0x1E00,
	HANGUL_FIRST = 0xAC00,
	HANGUL_LAST = 0xD7A3,
	JAMO_L = 0x1100,
	JAMO_V = 0x1161,
	JAMO_T = 0x11A7,
	JAMO_V_COUNT = 21,
	JAMO_T_COUNT = 28,
};

static int compare_letters(const void *key, const void *item)
{
	uint32_t letter = *(const uint32_t *)key;
	const struct base_letter *row = item;

	return letter < row->letter ? -1 : letter > row->letter;
}

static bool is_invisible(uint32_t c)
{
	return c == 0xAD || c == 0xFEFF || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
	       (c >= 0xFE00 && c <= 0xFE0F);
}

static bool is_accent(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36F) || c == 0x3099 || c == 0x309A;
}

static bool is_space(uint32_t c)
{
	return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

static uint32_t plain_letter(uint32_t c)
{
	const struct base_letter *row;
	char base = '.';

	if (c >= LATIN_FIRST && c - LATIN_FIRST < sizeof(latin) - 1)
		base = latin[c - LATIN_FIRST];
	else if (c >= LATIN_ADDITIONAL_FIRST &&
		 c - LATIN_ADDITIONAL_FIRST < sizeof(latin_additional) - 1)
		base = latin_additional[c - LATIN_ADDITIONAL_FIRST];
	if (base != '.')
		return (unsigned char)base;
	row = bsearch(&c, base_letters, ARRAY_LEN(base_letters), sizeof(*base_letters),
		      compare_letters);
	return row ? row->base : c;
}

/* A Hangul syllable as the letters that it is made of (The Unicode Standard, section 3.12). */
static void add_hangul(struct buf *out, uint32_t c)
{
	uint32_t idx = c - HANGUL_FIRST;

	utf8_add(out, JAMO_L + idx / (JAMO_V_COUNT * JAMO_T_COUNT));
	utf8_add(out, JAMO_V + idx % (JAMO_V_COUNT * JAMO_T_COUNT) / JAMO_T_COUNT);
	if (idx % JAMO_T_COUNT)
		utf8_add(out, JAMO_T + idx % JAMO_T_COUNT);
}

bool visible_is_plain(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

void visible_add(struct buf *out, struct str text)
{
	uint32_t c;

	while (utf8_next(&text, &c)) {
		if (is_invisible(c) || is_accent(c))
			continue;
		if (is_space(c))
			buf_add_char(out, ' ');
		else if (c >= 0x2018 && c <= 0x201B)
			buf_add_char(out, '\'');
		else if (c >= 0x201C && c <= 0x201F)
			buf_add_char(out, '"');
		else if (c >= HANGUL_FIRST && c <= HANGUL_LAST)
			add_hangul(out, c);
		else
			utf8_add(out, plain_letter(c));
	}
}

struct str visible_of(struct arena *arena, struct str text)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	if (visible_is_plain(text))
		return text;
	visible_add(&out, text);
	return arena_str(arena, buf_str(&out));
}
