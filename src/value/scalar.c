/* YAML scalars by the core schema. */
#include "value/scalar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

#define TAG_PREFIX "tag:yaml.org,2002:"

/* The words of the core schema that are not strings. */
static const struct word {
	const char *text;
	enum value_kind kind;
	bool boolean;
} words[] = {
	{"", VALUE_NULL, false},     {"FALSE", VALUE_BOOL, false}, {"False", VALUE_BOOL, false},
	{"NULL", VALUE_NULL, false}, {"Null", VALUE_NULL, false},  {"TRUE", VALUE_BOOL, true},
	{"True", VALUE_BOOL, true},  {"false", VALUE_BOOL, false}, {"null", VALUE_NULL, false},
	{"true", VALUE_BOOL, true},  {"~", VALUE_NULL, false},
};

static const char *const not_finite[] = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf", "+.INF",
					 "-.inf", "-.Inf", "-.INF", ".nan",  ".NaN",  ".NAN"};

static struct value *resolve_word(struct arena *arena, struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!str_eq(text, str_from(words[i].text)))
			continue;
		return words[i].kind == VALUE_NULL ? value_null(arena)
						   : value_bool(arena, words[i].boolean);
	}
	return NULL;
}

/* Counts the digits at `at`. */
static size_t digits_at(struct str text, size_t at)
{
	size_t count = 0;

	while (at + count < text.len && ascii_is_digit(text.ptr[at + count]))
		count++;
	return count;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?  without needless zeros in front. */
static bool is_number(struct str text, bool *whole)
{
	size_t at = text.len && (text.ptr[0] == '-' || text.ptr[0] == '+');
	size_t before = digits_at(text, at);
	size_t after = 0;

	if (before > 1 && text.ptr[at] == '0')
		return false;
	at += before;
	*whole = before > 0 && at == text.len;
	if (at < text.len && text.ptr[at] == '.') {
		after = digits_at(text, at + 1);
		at += 1 + after;
	}
	if (!before && !after)
		return false;
	if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
		size_t exponent;

		at++;
		at += at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+');
		exponent = digits_at(text, at);
		if (!exponent)
			return false;
		at += exponent;
	}
	return at == text.len;
}

/* 0x and 0o; false when it is neither, or beyond int64. */
static bool read_based(struct str text, int64_t *integer)
{
	int base = str_starts(text, STR("0x")) ? 16 : 8;
	const char *digits = base == 16 ? "0123456789abcdefABCDEF" : "01234567";
	int64_t sum = 0;

	if (text.len < 3 || (base == 8 && !str_starts(text, STR("0o"))))
		return false;
	for (size_t i = 2; i < text.len; i++) {
		const char *found = strchr(digits, text.ptr[i]);
		int64_t digit;

		if (!found || !*found)
			return false;
		digit = found - digits;
		if (digit > 15)
			digit -= 6;
		if (__builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	*integer = sum;
	return true;
}

/* A number, or NULL; `text` is in the arena, followed by a NUL. */
static struct value *resolve_number(struct arena *arena, struct str text)
{
	int64_t integer;
	bool whole = false;

	if (read_based(text, &integer))
		return value_int(arena, integer);
	if (!is_number(text, &whole))
		return NULL;
	if (whole && str_to_int64(str_skip(text, text.ptr[0] == '+'), &integer))
		return value_int(arena, integer);
	return value_real(arena, strtod(text.ptr, NULL));
}

static bool is_not_finite(struct str text)
{
	for (size_t i = 0; i < ARRAY_LEN(not_finite); i++) {
		if (str_eq(text, str_from(not_finite[i])))
			return true;
	}
	return false;
}

/* The kinds that a core tag allows. */
static bool tag_allows(struct str tag, enum value_kind kind)
{
	static const struct {
		const char *tag;
		enum value_kind kind, also;
	} rows[] = {
		{"bool", VALUE_BOOL, VALUE_BOOL},
		{"float", VALUE_REAL, VALUE_INT},
		{"int", VALUE_INT, VALUE_INT},
		{"null", VALUE_NULL, VALUE_NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (str_eq(tag, str_from(rows[i].tag)))
			return kind == rows[i].kind || kind == rows[i].also;
	}
	return false;
}

struct value *scalar_resolve(struct arena *arena, struct str text, const char *tag, bool is_plain,
			     const char **why)
{
	struct str kind = str_from(tag);
	struct value *value;

	if ((!tag && !is_plain) || str_eq(kind, STR("!")) || str_eq(kind, STR(TAG_PREFIX "str")))
		return value_string(arena, text);
	if (tag && !str_starts(kind, STR(TAG_PREFIX))) {
		*why = "this tag is not known here";
		return NULL;
	}
	text = arena_str(arena, text);
	value = resolve_word(arena, text);
	if (!value)
		value = resolve_number(arena, text);
	if (is_not_finite(text) || (value && value->kind == VALUE_REAL && !isfinite(value->real))) {
		*why = "a number must be finite";
		return NULL;
	}
	if (!value)
		value = value_string(arena, text);
	if (tag && !tag_allows(str_skip(kind, sizeof(TAG_PREFIX) - 1), value->kind)) {
		*why = "this value is not of the kind that its tag says";
		return NULL;
	}
	return value;
}
