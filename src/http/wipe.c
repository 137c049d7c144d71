/* Memory for libcurl that is wiped when freed, because its buffers contain Authorization headers. */
#include "http/wipe.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/secret.h"
#include "base/system.h"

/* libcurl and OpenSSL can crash when memory runs out: end the process with a message instead. */
static void *take(size_t size)
{
	void *ptr = malloc(MAX_OF(size, (size_t)1));

	if (!ptr)
		memory_exhausted();
	return ptr;
}

static void *take_zeroed(size_t count, size_t size)
{
	void *ptr = calloc(count, size);

	if (!ptr && count && size)
		memory_exhausted();
	return ptr;
}

static char *copy(const char *text)
{
	return memory_dup(text, strlen(text));
}

static void *crypto_take(size_t size, const char *file UNUSED, int line UNUSED)
{
	return take(size);
}

static void *crypto_move(void *ptr, size_t size, const char *file UNUSED, int line UNUSED)
{
	void *moved = size ? realloc(ptr, size) : NULL;

	if (!size)
		free(ptr);
	else if (!moved)
		memory_exhausted();
	return moved;
}

static void crypto_free(void *ptr, const char *file UNUSED, int line UNUSED)
{
	free(ptr);
}

static void wipe_and_free(void *ptr)
{
	if (ptr)
		secret_wipe(ptr, system_room(ptr));
	free(ptr);
}

/* As realloc(), but the old memory is wiped. */
static void *move(void *ptr, size_t size)
{
	size_t room = ptr ? system_room(ptr) : 0;
	void *moved;

	if (ptr && size <= room && size >= room / 2)
		return ptr;
	moved = take(size);
	if (ptr)
		memcpy(moved, ptr, MIN_OF(size, room));
	wipe_and_free(ptr);
	return moved;
}

bool wipe_init(void)
{
	/* Fails if OpenSSL has already allocated memory, as in tests: it then keeps its own functions. */
	(void)CRYPTO_set_mem_functions(crypto_take, crypto_move, crypto_free);
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, take, wipe_and_free, move, copy,
				    take_zeroed) == CURLE_OK;
}
