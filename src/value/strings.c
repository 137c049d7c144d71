/* Lists of strings. */
#include "value/strings.h"

bool strings_have(const struct strings *strings, struct str value)
{
	for (size_t i = 0; i < strings->len; i++) {
		if (str_eq(strings->items[i], value))
			return true;
	}
	return false;
}

bool strings_allow(const struct strings *strings, struct str value)
{
	return !strings->len || strings_have(strings, value);
}
