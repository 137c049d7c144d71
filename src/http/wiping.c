/* Memory for libcurl that is wiped when it is freed: its buffers hold Authorization headers. */
#include "http/wiping.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/system.h"

static void wipe_and_free(void *ptr)
{
	if (ptr)
		secret_wipe(ptr, system_room(ptr));
	free(ptr);
}

/* As realloc(), but what is left behind is wiped. */
static void *move(void *ptr, size_t size)
{
	size_t room = ptr ? system_room(ptr) : 0;
	void *moved;

	if (ptr && size <= room && size >= room / 2)
		return ptr;
	moved = malloc(size);
	if (!moved)
		return NULL;
	if (ptr)
		memcpy(moved, ptr, MIN_OF(size, room));
	wipe_and_free(ptr);
	return moved;
}

bool wiping_init(void)
{
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_and_free, move, strdup,
				    calloc) == CURLE_OK;
}
