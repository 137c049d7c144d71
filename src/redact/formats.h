/* The formats of tokens that are known by their first characters. */
#ifndef REDACT_FORMATS_H
#define REDACT_FORMATS_H

#include "base/common.h"

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
	FORMAT_ANY64,  /* FORMAT_BASE64 and _ -: several encodings in one token */
};

struct format {
	const char *prefix;
	const char *kind; /* in the placeholder */
	enum format_alphabet alphabet;
	size_t min;         /* characters after the prefix */
	size_t max;         /* a longer run is something else; 0: no maximum */
	size_t issued;      /* characters after the prefix of an issued token */
	const char *source; /* a page, or "gitleaks: RULE" */
};

/* Sorted by prefix. */
extern const struct format formats[];
extern const size_t formats_len;

#endif
