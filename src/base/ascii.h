/* The classes of ASCII characters, whatever the locale. */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include "base/common.h"

static inline bool ascii_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool ascii_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_alnum(char c)
{
	return ascii_is_lower(c) || ascii_is_upper(c) || ascii_is_digit(c);
}

/* A letter, digit or underscore. */
static inline bool ascii_is_word(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

static inline bool ascii_is_hex_lower(char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f');
}

static inline bool ascii_is_hex(char c)
{
	return ascii_is_hex_lower(c) || (c >= 'A' && c <= 'F');
}

/* Returns the value of a hex digit in either case, or -1 when `c` is not one. */
static inline int ascii_hex_value(char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static inline char ascii_to_lower(char c)
{
	return ascii_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

#endif
