/* Letters and words of quoted code. */
#include "finding/fold.h"

#include "base/ascii.h"

bool fold_is_word(char c)
{
	return ascii_is_alnum(c) || c == '_' || (unsigned char)c >= 0x80;
}

size_t fold_count_letters(struct str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ascii_is_alnum(text.ptr[i]) || (unsigned char)text.ptr[i] >= 0xC0;
	return count;
}
