/* Values that must never be seen: wiped when released, and unknown to printf. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/common.h"
#include "base/str.h"

/*
 * Zeroed it is "no secret".  The bytes are reached only through secret_str(), for a header or a
 * signature; never give that to the log or to an error.  Owns its memory; wiped on release.
 */
struct secret {
	char *ptr_;
	size_t len_;
};

/* Replaces what `secret` held (wiping it) with a copy of `value`. */
void secret_set(struct secret *secret, struct str value);
void secret_release(struct secret *secret);
bool secret_is_set(const struct secret *secret);

/* Borrowed; the caller sends it only to the server that it is for. */
struct str secret_str(const struct secret *secret);

/* Overwrites `len` bytes; the compiler cannot optimize it away. */
void secret_wipe(void *ptr, size_t len);

#endif
