/* UTF-8 (RFC 3629): checking, walking, repairing, cutting. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

/* True when all of it is UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool utf8_valid(struct str s);

/*
 * Takes one character off `rest`; false at the end.  Bytes that are not UTF-8 give U+FFFD, one for
 * each byte.
 */
bool utf8_next(struct str *rest, uint32_t *character);

/* Appends a character; what cannot be encoded becomes U+FFFD. */
void utf8_add(struct buf *buf, uint32_t character);

/* Appends `s` with each byte that is not UTF-8 replaced by U+FFFD. */
void utf8_add_repaired(struct buf *buf, struct str s);

/* Without the byte order mark that editors and shells of Windows put in front. */
struct str utf8_skip_mark(struct str s);

/* At most `len` bytes of `s`, not ending in the middle of a character. */
struct str utf8_cut(struct str s, size_t len);

/* Number of characters. */
size_t utf8_count(struct str s);

/*
 * Whether the character is invisible. Joiners (U+200C, U+200D) and variation selectors are not among them: Persian
 * and many emoji need them.
 */
bool utf8_is_hidden(uint32_t c);

/* Returns the first character that is invisible or looks like a space without being one; 0: there is none. */
uint32_t utf8_first_unseen(struct str s);

/* The same, joiners and variation selectors included: texts are compared without these characters. */
bool utf8_has_no_shape(uint32_t c);

#endif
