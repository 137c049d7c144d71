/* Secret values: wiped when released. */
#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/system.h"

void secret_wipe(void *ptr, size_t len)
{
	if (len)
		system_wipe(ptr, len);
}

void secret_release(struct secret *secret)
{
	if (!secret || !secret->ptr_)
		return;
	secret_wipe(secret->ptr_, secret->len_);
	free(secret->ptr_);
	*secret = (struct secret){0};
}

void secret_set(struct secret *secret, struct str value)
{
	char *copy = value.len ? memory_dup(value.ptr, value.len) : NULL;

	secret_release(secret);
	secret->ptr_ = copy;
	secret->len_ = value.len;
}

bool secret_is_set(const struct secret *secret)
{
	return secret->len_ > 0;
}

struct str secret_str(const struct secret *secret)
{
	return str_of(secret->ptr_, secret->len_);
}
