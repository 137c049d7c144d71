/* SHA-256 and HMAC-SHA-256 (FIPS 180-4, FIPS 198-1), by OpenSSL. */
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/encode.h"
#include "base/memory.h"

/* Looking the algorithm up takes longer than hashing a short text. */
static const EVP_MD *algorithm;

static void fetch_algorithm(void)
{
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!algorithm)
		algorithm = EVP_sha256();
}

static const EVP_MD *sha256(void)
{
	static pthread_once_t fetched = PTHREAD_ONCE_INIT;

	pthread_once(&fetched, fetch_algorithm);
	return algorithm;
}

enum { HMAC_BLOCK = 64 }; /* bytes that SHA-256 takes at a time */

struct sha256 sha256_of(struct str data)
{
	struct sha256 digest;

	if (!EVP_Digest(data.ptr ? data.ptr : "", data.len, digest.bytes, NULL, sha256(), NULL))
		memory_exhausted();
	return digest;
}

static EVP_MD_CTX *begin_hashing(void)
{
	EVP_MD_CTX *hashing = EVP_MD_CTX_new();

	if (!hashing || !EVP_DigestInit_ex(hashing, sha256(), NULL))
		memory_exhausted();
	return hashing;
}

static void go_on_hashing(EVP_MD_CTX *hashing, struct str data)
{
	if (!EVP_DigestUpdate(hashing, data.ptr, data.len))
		memory_exhausted();
}

static struct sha256 end_hashing(EVP_MD_CTX *hashing)
{
	struct sha256 digest;

	if (!EVP_DigestFinal_ex(hashing, digest.bytes, NULL))
		memory_exhausted();
	EVP_MD_CTX_free(hashing);
	return digest;
}

struct sha256 sha256_of_both(struct str data, struct str end)
{
	EVP_MD_CTX *hashing = begin_hashing();

	go_on_hashing(hashing, data);
	go_on_hashing(hashing, end);
	return end_hashing(hashing);
}

/* ---- Texts that begin alike ---- */

struct sha256_start {
	EVP_MD_CTX *hashing;
};

struct sha256_start *sha256_start_new(struct str data)
{
	struct sha256_start *start = NEW(struct sha256_start);

	start->hashing = begin_hashing();
	go_on_hashing(start->hashing, data);
	return start;
}

void sha256_start_free(struct sha256_start *start)
{
	if (!start)
		return;
	EVP_MD_CTX_free(start->hashing);
	free(start);
}

struct sha256 sha256_of_rest(const struct sha256_start *start, struct str data, struct str end)
{
	EVP_MD_CTX *hashing = EVP_MD_CTX_new();

	if (!hashing || !EVP_MD_CTX_copy_ex(hashing, start->hashing))
		memory_exhausted();
	go_on_hashing(hashing, data);
	go_on_hashing(hashing, end);
	return end_hashing(hashing);
}

/* ---- Keyed ---- */

/*
 * OpenSSL's own function looks up a provider, an algorithm and its parameters each time, twice
 * the work of the hashes.
 */
struct sha256 hmac_sha256(struct str key, struct str data)
{
	unsigned char inner[HMAC_BLOCK] = {0}, outer[HMAC_BLOCK];
	struct sha256 digest;

	if (key.len > sizeof(inner)) {
		digest = sha256_of(key);
		key = sha256_str(&digest);
	}
	if (key.len)
		memcpy(inner, key.ptr, key.len);
	for (size_t i = 0; i < sizeof(inner); i++) {
		outer[i] = inner[i] ^ 0x5c;
		inner[i] ^= 0x36;
	}
	digest = sha256_of_both(str_of((const char *)inner, sizeof(inner)), data);
	digest = sha256_of_both(str_of((const char *)outer, sizeof(outer)), sha256_str(&digest));
	OPENSSL_cleanse(inner, sizeof(inner));
	OPENSSL_cleanse(outer, sizeof(outer));
	return digest;
}

struct str sha256_str(const struct sha256 *digest)
{
	return str_of((const char *)digest->bytes, SHA256_SIZE);
}

struct str sha256_hex(struct arena *arena, struct str data)
{
	SCOPED(buf) struct buf hex = BUF_INIT;
	struct sha256 digest = sha256_of(data);

	hex_add(&hex, sha256_str(&digest));
	return arena_str(arena, buf_str(&hex));
}
