/* Encodings of text files: guesses them, and decodes to UTF-8. */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

enum charset {
	CHARSET_UTF8, /* NUL bytes, which make git call a text binary, are shown as U+2400 */
	CHARSET_UTF16LE,
	CHARSET_UTF16BE,
	CHARSET_SHIFT_JIS,
	CHARSET_GBK,
	CHARSET_LATIN1, /* as browsers read it: Windows-1252 */
	CHARSET_COUNT,
};

/*
 * Guesses the encoding of a whole file or of some of its lines. False when the bytes are not text: NULs without an
 * encoding that explains them, many control characters, or EBCDIC.
 */
bool charset_guess(struct str bytes, enum charset *charset) MUST_USE;

/*
 * Appends the text in UTF-8, without a byte order mark of UTF-16. Line breaks stay line breaks. Bytes that the
 * encoding does not have become U+FFFD; so do all high bytes of Shift-JIS and GBK where the C library's converters
 * are not installed.
 */
void charset_decode(struct str bytes, enum charset charset, struct buf *out);

#endif
