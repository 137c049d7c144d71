/* Finds tokens by their formats. */
#include "redact/token.h"

#include <string.h>

#include "base/ascii.h"

static const char *const alphabets[] = {
	[FORMAT_ALNUM] = "",   [FORMAT_UPPER] = "",     [FORMAT_HEX] = "",
	[FORMAT_WORD] = "_-",  [FORMAT_BASE64] = "+/=", [FORMAT_DOTTED] = "_-.",
	[FORMAT_DASHED] = "-", [FORMAT_PATH] = "_-/",   [FORMAT_ANY64] = "+/=_-",
};

bool format_has_char(enum format_alphabet alphabet, char c)
{
	if (ascii_is_digit(c))
		return true;
	if (ascii_is_upper(c))
		return alphabet != FORMAT_HEX || c <= 'F';
	if (ascii_is_lower(c))
		return alphabet != FORMAT_UPPER && (alphabet != FORMAT_HEX || c <= 'f');
	return c && strchr(alphabets[alphabet], c);
}

/* True when the token of `format` begins `text`; it has `min` to `max` characters behind the prefix. */
static bool format_fits(const struct format *format, struct str text, size_t *len)
{
	size_t prefix = strlen(format->prefix);
	size_t end = prefix;

	if (!str_starts(text, str_of(format->prefix, prefix)))
		return false;
	while (end < text.len && format_has_char(format->alphabet, text.ptr[end]) &&
	       (!format->max || end - prefix <= format->max))
		end++;
	/* Full stops and dashes at the end belong to the sentence. */
	while (end > prefix && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-'))
		end--;
	if (end - prefix < format->min || (format->max && end - prefix > format->max))
		return false;
	*len = end;
	return true;
}

/* The first format whose prefix begins with `c` or what comes after it. */
static size_t first_format(char c)
{
	size_t low = 0;
	size_t high = formats_len;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (formats[middle].prefix[0] < c)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct format *format_find(struct str text, size_t *len)
{
	const struct format *found = NULL;

	if (!text.len)
		return NULL;
	for (size_t i = first_format(text.ptr[0]);
	     i < formats_len && formats[i].prefix[0] == text.ptr[0]; i++) {
		if (format_fits(&formats[i], text, len))
			found = &formats[i];
	}
	return found;
}
