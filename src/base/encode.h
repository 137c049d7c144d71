/* Hexadecimal, base64 (RFC 4648) and percent-encoding (RFC 3986). */
#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

void hex_add(struct buf *buf, struct str bytes); /* lower case */

void base64_add(struct buf *buf, struct str bytes);

/* Padded or not, both alphabets; false on any other character. Appends to `bytes`. */
bool base64_decode(struct str text, struct buf *bytes) MUST_USE;

/* Encodes everything but A-Z a-z 0-9 - . _ ~ and the bytes in `keep` ("" or NULL for none; "/"). */
void percent_add(struct buf *buf, struct str s, const char *keep);

/* Appends the decoded text; a '%' without two hex digits is kept. */
void percent_decode(struct str s, struct buf *buf);

#endif
