/* SHA-256 and HMAC-SHA-256 (FIPS 180-4, FIPS 198-1), by OpenSSL. */
#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/encode.h"
#include "base/memory.h"

struct sha256 sha256_of(struct str data)
{
	struct sha256 digest;

	if (!EVP_Digest(data.ptr ? data.ptr : "", data.len, digest.bytes, NULL, EVP_sha256(), NULL))
		memory_exhausted();
	return digest;
}

struct sha256 sha256_of_both(struct str data, struct str end)
{
	EVP_MD_CTX *hashing = EVP_MD_CTX_new();
	struct sha256 digest;

	if (!hashing || !EVP_DigestInit_ex(hashing, EVP_sha256(), NULL) ||
	    !EVP_DigestUpdate(hashing, data.ptr, data.len) ||
	    !EVP_DigestUpdate(hashing, end.ptr, end.len) ||
	    !EVP_DigestFinal_ex(hashing, digest.bytes, NULL))
		memory_exhausted();
	EVP_MD_CTX_free(hashing);
	return digest;
}

struct sha256 hmac_sha256(struct str key, struct str data)
{
	struct sha256 digest;

	if (!HMAC(EVP_sha256(), key.ptr ? key.ptr : "", str_printf_len(key),
		  (const unsigned char *)(data.ptr ? data.ptr : ""), data.len, digest.bytes, NULL))
		memory_exhausted();
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
