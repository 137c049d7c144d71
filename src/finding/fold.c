/* Comparing code with its white space folded. */
#include "finding/fold.h"

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool fold_is_word(char c)
{
	return is_alphanumeric(c) || c == '_' || (unsigned char)c >= 0x80;
}

bool fold_equals(struct str raw, struct str folded)
{
	struct str text = str_trim(raw);
	size_t at = 0;

	for (size_t i = 0; i < text.len; at++) {
		bool blank = is_blank(text.ptr[i]);

		if (at == folded.len || folded.ptr[at] != (blank ? ' ' : text.ptr[i]))
			return false;
		i++;
		while (blank && is_blank(text.ptr[i]))
			i++;
	}
	return at == folded.len;
}

size_t fold_count_letters(struct str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += is_alphanumeric(text.ptr[i]) || (unsigned char)text.ptr[i] >= 0xC0;
	return count;
}
