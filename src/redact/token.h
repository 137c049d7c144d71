/* Finds tokens by their formats. */
#ifndef REDACT_TOKEN_H
#define REDACT_TOKEN_H

#include "base/str.h"
#include "redact/formats.h"

bool format_has_char(enum format_alphabet alphabet, char c);

/*
 * Returns the format that `text` begins with, and how long the token is; NULL when it begins with none.  The
 * row with the longest prefix wins.
 */
const struct format *format_find(struct str text, size_t *len);

#endif
