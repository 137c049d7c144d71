/* Repairs JSON text of a model: replaces characters that JSON readers reject. */
#include "value/json_repair.h"

#include "base/ascii.h"
#include "base/utf8.h"

/* The code of the escape "\\uXXXX" at `at`; -1: none is there. */
static int32_t escaped_unit(struct str text, size_t at)
{
	int32_t unit = 0;

	if (at + 6 > text.len || text.ptr[at] != '\\' || text.ptr[at + 1] != 'u')
		return -1;
	for (size_t i = at + 2; i < at + 6; i++) {
		int digit = ascii_hex_value(text.ptr[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

static bool is_high(int32_t unit)
{
	return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int32_t unit)
{
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Appends the text with U+FFFD for NULs and for halves of surrogate pairs. */
static void repair_escapes(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len;) {
		int32_t unit = escaped_unit(text, i);
		size_t len = text.ptr[i] == '\\' ? 2 : 1;

		if (unit >= 0)
			len = 6;
		if (is_high(unit) && is_low(escaped_unit(text, i + 6)))
			len = 12;
		else if (unit == 0 || is_high(unit) || is_low(unit))
			buf_add_text(out, "\\ufffd");
		if (len == 12 || !(unit == 0 || is_high(unit) || is_low(unit)))
			buf_add(out, str_slice(text, i, len));
		i += len;
	}
}

void json_repair(struct buf *out, struct str text)
{
	SCOPED(buf) struct buf valid = BUF_INIT;

	utf8_add_repaired(&valid, text);
	repair_escapes(out, buf_str(&valid));
}
