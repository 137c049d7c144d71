/* SHA-256 and HMAC-SHA-256 (FIPS 180-4, FIPS 198-1), by OpenSSL. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/arena.h"
#include "base/common.h"
#include "base/str.h"

enum { SHA256_SIZE = 32 };

struct sha256 {
	unsigned char bytes[SHA256_SIZE];
};

struct sha256 sha256_of(struct str data);
/* Of two texts in a row. */
struct sha256 sha256_of_both(struct str data, struct str end);

/* A beginning that many texts share, hashed once. */
struct sha256_start;

struct sha256_start *sha256_start_new(struct str start);
void sha256_start_free(struct sha256_start *start);
/* Of the beginning and two texts after it. */
struct sha256 sha256_of_rest(const struct sha256_start *start, struct str data, struct str end);

struct sha256 hmac_sha256(struct str key, struct str data);

/* The digest's bytes, borrowed from it. */
struct str sha256_str(const struct sha256 *digest);

/* 64 lower-case hex digits of the digest of `data`. */
struct str sha256_hex(struct arena *arena, struct str data);

#endif
