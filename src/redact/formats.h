/* The formats of tokens that tell themselves by their first characters. */
#ifndef REDACT_FORMATS_H
#define REDACT_FORMATS_H

#include "base/common.h"
#include "base/str.h"

/* Which characters may follow a format's prefix. */
enum format_alphabet {
	FORMAT_ALNUM,  /* A-Z a-z 0-9 */
	FORMAT_UPPER,  /* A-Z 0-9 */
	FORMAT_HEX,    /* 0-9 a-f A-F */
	FORMAT_WORD,   /* FORMAT_ALNUM and _ - */
	FORMAT_BASE64, /* FORMAT_ALNUM and + / = */
	FORMAT_DOTTED, /* FORMAT_WORD and . */
	FORMAT_DASHED, /* FORMAT_ALNUM and - */
	FORMAT_PATH,   /* FORMAT_WORD and / */
};

struct format {
	const char *prefix;
	const char *kind; /* in the placeholder */
	enum format_alphabet alphabet;
	size_t min; /* characters after the prefix */
	size_t max; /* a longer run is something else; 0: no maximum */
};

bool format_has_char(enum format_alphabet alphabet, char c);

/* The format that `text` begins with, and how long the token is; NULL when it begins with none. */
const struct format *format_find(struct str text, size_t *len);

/* For tests: the table, sorted by prefix. */
const struct format *format_table(size_t *count);

#endif
