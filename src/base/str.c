/* Borrowed strings: a pointer and a length into memory with another owner. */
#include "base/str.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/system.h"

int str_printf_len(struct str s)
{
	return s.len > INT_MAX ? INT_MAX : (int)s.len;
}

struct str str_from(const char *text)
{
	return (struct str){.ptr = text, .len = text ? strlen(text) : 0};
}

struct str str_of(const char *ptr, size_t len)
{
	return (struct str){.ptr = ptr, .len = len};
}

bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (!a.len || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (ascii_to_lower(a.ptr[i]) != ascii_to_lower(b.ptr[i]))
			return false;
	}
	return true;
}

int str_cmp(struct str a, struct str b)
{
	size_t len = MIN_OF(a.len, b.len);
	int order = len ? memcmp(a.ptr, b.ptr, len) : 0;

	if (order)
		return order;
	return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq(str_of(s.ptr, prefix.len), prefix);
}

bool str_is_below(struct str path, struct str folder)
{
	return str_starts(path, folder) && path.len > folder.len && path.ptr[folder.len] == '/';
}

bool str_is_within(struct str path, struct str folder)
{
	for (;;) {
		ptrdiff_t slash = str_find_char(path, '/', 0);

		if (str_is_below(path, folder))
			return true;
		if (slash < 0)
			return false;
		path = str_skip(path, (size_t)slash + 1);
	}
}

bool str_starts_nocase(struct str s, struct str prefix)
{
	return s.len >= prefix.len && str_eq_nocase(str_of(s.ptr, prefix.len), prefix);
}

bool str_contains_nocase(struct str s, struct str part)
{
	for (size_t i = 0; i + part.len <= s.len; i++) {
		if (str_starts_nocase(str_skip(s, i), part))
			return true;
	}
	return false;
}

bool str_ends(struct str s, struct str suffix)
{
	return s.len >= suffix.len && str_eq(str_skip(s, s.len - suffix.len), suffix);
}

ptrdiff_t str_find(struct str s, struct str needle, size_t from)
{
	const char *found;

	if (from > s.len || needle.len > s.len - from)
		return -1;
	if (!needle.len)
		return (ptrdiff_t)from;
	found = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
	return found ? found - s.ptr : -1;
}

ptrdiff_t str_find_char(struct str s, char c, size_t from)
{
	const char *found;

	if (from >= s.len)
		return -1;
	found = memchr(s.ptr + from, c, s.len - from);
	return found ? found - s.ptr : -1;
}

ptrdiff_t str_rfind_char(struct str s, char c)
{
	const char *found = s.len ? system_last(s.ptr, c, s.len) : NULL;

	return found ? found - s.ptr : -1;
}

bool str_contains(struct str s, struct str needle)
{
	return str_find(s, needle, 0) >= 0;
}

struct str str_slice(struct str s, size_t start, size_t len)
{
	if (start >= s.len)
		return STR_EMPTY;
	return str_of(s.ptr + start, MIN_OF(len, s.len - start));
}

struct str str_skip(struct str s, size_t count)
{
	return str_slice(s, count, SIZE_MAX);
}

struct str str_folder(struct str path)
{
	ptrdiff_t slash = str_rfind_char(path, '/');

	return slash < 0 ? STR_EMPTY : str_slice(path, 0, (size_t)slash);
}

struct str str_last_part(struct str path)
{
	return str_skip(path, (size_t)(str_rfind_char(path, '/') + 1));
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.len && is_space(s.ptr[0]))
		s = str_skip(s, 1);
	while (s.len && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool str_next_line(struct str *rest, struct str *line, bool *ended)
{
	ptrdiff_t end;

	if (!rest->len)
		return false;
	end = str_find_char(*rest, '\n', 0);
	if (ended)
		*ended = end >= 0;
	if (end < 0) {
		*line = *rest;
		*rest = STR_EMPTY;
		return true;
	}
	*line = str_of(rest->ptr, (size_t)end);
	*rest = str_skip(*rest, (size_t)end + 1);
	return true;
}

bool str_next_part(struct str *rest, char separator, struct str *part)
{
	ptrdiff_t end;

	if (!rest->ptr)
		return false;
	end = str_find_char(*rest, separator, 0);
	if (end < 0) {
		*part = *rest;
		*rest = STR_EMPTY;
		return true;
	}
	*part = str_of(rest->ptr, (size_t)end);
	*rest = str_of(rest->ptr + end + 1, rest->len - (size_t)end - 1);
	return true;
}

bool str_cut(struct str s, struct str separator, struct str *before, struct str *after)
{
	ptrdiff_t at = str_find(s, separator, 0);

	if (at < 0)
		return false;
	*before = str_of(s.ptr, (size_t)at);
	*after = str_skip(s, (size_t)at + separator.len);
	return true;
}

bool str_is_git_id(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];

		if (!ascii_is_hex_lower(c))
			return false;
	}
	return s.len == 40 || s.len == 64;
}

bool str_to_int64(struct str s, int64_t *value)
{
	bool negative = s.len && s.ptr[0] == '-';
	int64_t sum = 0;

	s = str_skip(s, negative);
	if (!s.len)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		int digit = s.ptr[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_sub_overflow(sum, digit, &sum))
			return false;
	}
	if (!negative && sum == INT64_MIN)
		return false;
	*value = negative ? sum : -sum;
	return true;
}

bool str_to_double(struct str s, double *value)
{
	char text[64];
	char *end;
	double number;

	if (!s.len || s.len >= sizeof(text))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!s.ptr[i] || !strchr("0123456789+-.eE", s.ptr[i]))
			return false;
	}
	memcpy(text, s.ptr, s.len);
	text[s.len] = '\0';
	errno = 0;
	number = strtod(text, &end);
	if (*end || !isfinite(number))
		return false;
	*value = number;
	return true;
}

uint64_t str_hash(struct str s)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < s.len; i++)
		hash = (hash ^ (unsigned char)s.ptr[i]) * UINT64_C(0x100000001b3);
	return hash;
}

int str_compare_items(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum { NEAREST_LEN_MAX = 64 };

/* Levenshtein's distance by one row; both words are at most NEAREST_LEN_MAX long. */
static size_t edit_distance(struct str a, struct str b)
{
	size_t row[NEAREST_LEN_MAX + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t change = diagonal + (a.ptr[i - 1] != b.ptr[j - 1]);

			diagonal = row[j];
			row[j] = MIN_OF(change, MIN_OF(row[j], row[j - 1]) + 1);
		}
	}
	return row[b.len];
}

struct str str_nearest(struct str word, const struct str *words, size_t count)
{
	struct str best = STR_EMPTY;
	size_t best_distance = MIN_OF(MAX_OF(word.len / 3, (size_t)2), word.len / 2) + 1;

	if (!word.len || word.len > NEAREST_LEN_MAX)
		return best;
	for (size_t i = 0; i < count; i++) {
		size_t distance;

		if (words[i].len > NEAREST_LEN_MAX)
			continue;
		distance = edit_distance(word, words[i]);
		if (distance < best_distance) {
			best_distance = distance;
			best = words[i];
		}
	}
	return best;
}
