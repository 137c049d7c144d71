/* Folding by words, with the widths of Unicode's East Asian characters (UAX 11) and marks. */
#include "output/wrap.h"

#include "base/log.h"
#include "base/utf8.h"

struct wide_range {
	uint32_t first, last;
};

/* Shown over or inside the character before. */
static const struct wide_range marks[] = {
	{0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd},   {0x064b, 0x065f},
	{0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2064},   {0x20d0, 0x20f0},
	{0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
};

/* Two columns wide. */
static const struct wide_range wide[] = {
	{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
	{0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
	{0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1faff}, {0x20000, 0x3fffd},
};

/* Wide signs that no line begins with. */
static const uint32_t closing[] = {0x3001, 0x3002, 0x3005, 0x3009, 0x300b, 0x300d,
				   0x300f, 0x3011, 0x30fb, 0x30fc, 0xff01, 0xff09,
				   0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f};

static bool in_ranges(const struct wide_range *ranges, size_t len, uint32_t c)
{
	for (size_t i = 0; i < len; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

static bool is_wide(uint32_t c)
{
	return in_ranges(wide, ARRAY_LEN(wide), c);
}

static bool is_closing(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_LEN(closing); i++) {
		if (closing[i] == c)
			return true;
	}
	return false;
}

static size_t width_of(uint32_t c)
{
	return in_ranges(marks, ARRAY_LEN(marks), c) ? 0 : is_wide(c) ? 2 : 1;
}

/* Text that must stay on one line: a word, or one wide character with the closing signs after it. */
static struct str next_piece(struct str *rest, size_t *columns)
{
	struct str start = *rest;
	struct str after = *rest;
	uint32_t last = 0;
	uint32_t c;

	*columns = 0;
	while (utf8_next(&after, &c) && c != ' ') {
		bool may_break = is_wide(c) || is_wide(last);

		if (last && may_break && !is_closing(c) && width_of(c))
			break;
		*columns += width_of(c);
		last = width_of(c) ? c : last;
		*rest = after;
	}
	return str_slice(start, 0, start.len - rest->len);
}

void wrap_add(struct buf *out, struct str text, const struct wrap *wrap)
{
	SCOPED(buf) struct buf safe = BUF_INIT;
	size_t column = wrap->column;
	size_t start = column;
	struct str rest;

	log_escape(&safe, text);
	rest = buf_str(&safe);
	while (rest.len) {
		size_t blanks = 0;
		size_t columns;
		struct str piece;

		while (blanks < rest.len && rest.ptr[blanks] == ' ')
			blanks++;
		rest = str_skip(rest, blanks);
		piece = next_piece(&rest, &columns);
		if (!piece.len)
			break;
		if (column > start && column + blanks + columns > wrap->width) {
			buf_add_char(out, '\n');
			buf_add_many(out, ' ', wrap->indent);
			column = start = wrap->indent;
			blanks = 0;
		}
		buf_add_many(out, ' ', blanks);
		buf_add(out, piece);
		column += blanks + columns;
	}
}
