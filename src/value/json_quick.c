/* A quick reader of JSON: one pass over the text, no copy but the strings. */
#include "value/json_quick.h"

#include <limits.h>
#include <string.h>

#include "base/ascii.h"
#include "base/breathe.h"
#include "base/buf.h"
#include "base/utf8.h"

enum {
	MEMBERS_MAX = 64, /* names are compared with each other */
};

#define EACH_BYTE UINT64_C(0x0101010101010101)

struct quick {
	struct arena *arena;
	struct buf decoded; /* the text of one string, while it is copied */
	const char *at, *end;
	size_t values;
	int levels; /* that may still be opened */
};

static struct value *read_value(struct quick *quick);

/* ---- Strings ---- */

/* Gives each byte that is 0 its highest bit; a byte above such a one may get it too. */
static uint64_t zeros(uint64_t word)
{
	return (word - EACH_BYTE) & ~word & EACH_BYTE << 7;
}

size_t json_plain_of_eight(const char *bytes)
{
	uint64_t word, found;

	memcpy(&word, bytes, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	found = (word - EACH_BYTE * ' ') | zeros(word ^ EACH_BYTE * '"') |
		zeros(word ^ EACH_BYTE * '\\') | zeros(word ^ EACH_BYTE * 0x7f) | word;
	found &= EACH_BYTE << 7;
	return found ? (size_t)__builtin_ctzll(found) / 8 : sizeof(word);
}

/* Returns the bytes between the quotes; sets `marks`. */
struct string_marks {
	bool escaped, wide; /* has backslashes; has bytes above ASCII */
};

static bool find_end(struct quick *quick, struct str *inside, struct string_marks *marks)
{
	const char *start = ++quick->at;
	const char *at = start;
	size_t steps = 0;

	while (at < quick->end) {
		size_t plain = quick->end - at < 8 ? 0 : json_plain_of_eight(at);
		unsigned char c;

		at += plain;
		if (plain == 8)
			continue;
		breathe_each(&steps);
		c = (unsigned char)*at;
		if (c == '"') {
			*inside = str_of(start, (size_t)(at - start));
			quick->at = at + 1;
			return true;
		}
		if (c < ' ')
			return false;
		marks->escaped |= c == '\\';
		marks->wide |= c >= 0x80;
		at += c == '\\' ? 2 : 1;
	}
	return false;
}

/* Returns the value of four hex digits, or -1. */
static int32_t hex_unit(struct str text)
{
	int32_t unit = 0;

	if (text.len < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int digit = ascii_hex_value(text.ptr[i]);

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

/* Appends the character whose "\u" begins `rest`, in one or two units, and takes it off. */
static bool decode_unicode(struct buf *out, struct str *rest)
{
	int32_t first = hex_unit(str_skip(*rest, 2));
	int32_t second;

	*rest = str_skip(*rest, 6);
	if (first <= 0 || (first >= 0xdc00 && first <= 0xdfff))
		return false;
	if (first < 0xd800 || first > 0xdbff) {
		utf8_add(out, (uint32_t)first);
		return true;
	}
	if (!str_starts(*rest, STR("\\u")))
		return false;
	second = hex_unit(str_skip(*rest, 2));
	*rest = str_skip(*rest, 6);
	if (second < 0xdc00 || second > 0xdfff)
		return false;
	utf8_add(out, 0x10000 + ((uint32_t)(first - 0xd800) << 10 | (uint32_t)(second - 0xdc00)));
	return true;
}

/* What the letter behind a backslash stands for; 0: it is not an escape, or more than one letter. */
static const char escapes[UCHAR_MAX + 1] = {
	['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
	['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t',
};

/* Into an empty buffer; no text becomes longer. */
static bool decode(struct buf *out, struct str rest)
{
	char *to = buf_room(out, rest.len);
	size_t steps = 0;

	while (rest.len) {
		const char *backslash = memchr(rest.ptr, '\\', rest.len);
		size_t plain = backslash ? (size_t)(backslash - rest.ptr) : rest.len;
		char escaped;

		breathe_each(&steps);
		memcpy(to, rest.ptr, plain);
		to += plain;
		rest = str_of(rest.ptr + plain, rest.len - plain);
		if (rest.len < 2)
			break;
		escaped = escapes[(unsigned char)rest.ptr[1]];
		if (escaped) {
			*to++ = escaped;
			rest = str_of(rest.ptr + 2, rest.len - 2);
			continue;
		}
		if (rest.ptr[1] != 'u')
			return false;
		buf_set_len(out, (size_t)(to - out->ptr));
		if (!decode_unicode(out, &rest))
			return false;
		to = out->ptr + out->len;
	}
	buf_set_len(out, (size_t)(to - out->ptr));
	return !rest.len;
}

/* The text of the string that begins here; it lives in `decoded` or in the text that is read. */
static bool read_string(struct quick *quick, struct buf *decoded, struct str *string)
{
	struct string_marks marks = {0};

	if (!find_end(quick, string, &marks))
		return false;
	if (string->len >= JSON_STEP_SIZE)
		breathe();
	if (marks.wide && !utf8_valid(*string))
		return false;
	if (!marks.escaped)
		return true;
	if (!decode(decoded, *string))
		return false;
	*string = buf_str(decoded);
	return true;
}

static struct value *read_text(struct quick *quick)
{
	struct str string;

	buf_reset(&quick->decoded);
	if (!read_string(quick, &quick->decoded, &string))
		return NULL;
	return value_string_of(quick->arena, arena_str(quick->arena, string));
}

/* ---- Numbers and words ---- */

static bool take_digits(struct quick *quick)
{
	const char *start = quick->at;

	while (quick->at < quick->end && ascii_is_digit(*quick->at))
		quick->at++;
	return quick->at > start;
}

static bool take(struct quick *quick, char c)
{
	bool there = quick->at < quick->end && *quick->at == c;

	quick->at += there;
	return there;
}

static struct value *read_number(struct quick *quick)
{
	const char *start = quick->at;
	bool is_real = false;
	struct str text;
	int64_t integer;
	double real;

	take(quick, '-');
	if (!take(quick, '0') && !take_digits(quick))
		return NULL;
	if (take(quick, '.')) {
		is_real = true;
		if (!take_digits(quick))
			return NULL;
	}
	if (take(quick, 'e') || take(quick, 'E')) {
		is_real = true;
		if (!take(quick, '+'))
			take(quick, '-');
		if (!take_digits(quick))
			return NULL;
	}
	text = str_of(start, (size_t)(quick->at - start));
	if (is_real)
		return str_to_double(text, &real) ? value_real(quick->arena, real) : NULL;
	return str_to_int64(text, &integer) ? value_int(quick->arena, integer) : NULL;
}

static bool take_word(struct quick *quick, struct str word)
{
	if (!str_starts(str_of(quick->at, (size_t)(quick->end - quick->at)), word))
		return false;
	quick->at += word.len;
	return true;
}

static struct value *read_word(struct quick *quick)
{
	if (take_word(quick, STR("true")))
		return value_bool(quick->arena, true);
	if (take_word(quick, STR("false")))
		return value_bool(quick->arena, false);
	return take_word(quick, STR("null")) ? value_null(quick->arena) : NULL;
}

/* ---- Lists and objects ---- */

static void skip_space(struct quick *quick)
{
	while (quick->at < quick->end && (*quick->at == ' ' || *quick->at == '\n' ||
					  *quick->at == '\t' || *quick->at == '\r'))
		quick->at++;
}

static bool take_mark(struct quick *quick, char mark)
{
	skip_space(quick);
	return take(quick, mark);
}

static bool read_items(struct quick *quick, struct value *array)
{
	if (take_mark(quick, ']'))
		return true;
	do {
		struct value *item = read_value(quick);

		if (!item)
			return false;
		value_append(quick->arena, array, item);
	} while (take_mark(quick, ','));
	return take_mark(quick, ']');
}

static bool read_member(struct quick *quick, struct value *object)
{
	SCOPED(buf) struct buf decoded = BUF_INIT;
	struct value *value;
	struct str name;

	skip_space(quick);
	if (quick->at == quick->end || *quick->at != '"' || !read_string(quick, &decoded, &name) ||
	    value_len(object) == MEMBERS_MAX || value_get_str(object, name) ||
	    !take_mark(quick, ':'))
		return false;
	value = read_value(quick);
	if (value)
		value_add_member(quick->arena, object, name, value);
	return value;
}

static bool read_members(struct quick *quick, struct value *object)
{
	if (take_mark(quick, '}'))
		return true;
	do {
		if (!read_member(quick, object))
			return false;
	} while (take_mark(quick, ','));
	return take_mark(quick, '}');
}

static struct value *read_list_or_object(struct quick *quick)
{
	bool is_object = *quick->at++ == '{';
	struct value *value = is_object ? value_object(quick->arena) : value_array(quick->arena);
	bool ok;

	if (quick->levels-- == 0)
		return NULL;
	ok = is_object ? read_members(quick, value) : read_items(quick, value);
	quick->levels++;
	return ok ? value : NULL;
}

static struct value *read_value(struct quick *quick)
{
	skip_space(quick);
	if (quick->at == quick->end)
		return NULL;
	if (++quick->values % JSON_STEP_VALUES == 0)
		breathe();
	if (*quick->at == '"')
		return read_text(quick);
	if (*quick->at == '{' || *quick->at == '[')
		return read_list_or_object(quick);
	if (*quick->at == '-' || ascii_is_digit(*quick->at))
		return read_number(quick);
	return read_word(quick);
}

struct value *json_quick(struct arena *arena, struct str text, int depth_max)
{
	struct quick quick = {
		.arena = arena, .decoded = BUF_INIT, .at = text.ptr, .levels = depth_max};
	struct value *value;

	if (!text.len)
		return NULL;
	quick.end = text.ptr + text.len;
	value = read_value(&quick);
	buf_release(&quick.decoded);
	skip_space(&quick);
	return quick.at == quick.end ? value : NULL;
}
