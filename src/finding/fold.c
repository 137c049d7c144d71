/* Letters and words of quoted code. */
#include "finding/fold.h"

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool fold_is_word(char c)
{
	return is_alphanumeric(c) || c == '_' || (unsigned char)c >= 0x80;
}

size_t fold_count_letters(struct str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += is_alphanumeric(text.ptr[i]) || (unsigned char)text.ptr[i] >= 0xC0;
	return count;
}
