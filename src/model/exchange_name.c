/* The names of recordings. */
#include <string.h>

#include "base/hash.h"
#include "model/exchange.h"
#include "value/json.h"

static void add_part(struct buf *out, struct str part)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	for (size_t i = 0; i < part.len; i++)
		buf_add_char(out, part.ptr[i] && strchr(plain, part.ptr[i]) ? part.ptr[i] : '_');
	if (!part.len)
		buf_add_char(out, '_');
	buf_add_char(out, '.');
}

struct str exchange_prefix(struct arena *arena, const struct chat_origin *origin)
{
	SCOPED(buf) struct buf name = BUF_INIT;

	add_part(&name, str_slice(origin->agent, 0, 64));
	add_part(&name, str_slice(origin->unit, 0, 100));
	buf_addf(&name, "%d.", origin->turn);
	return arena_str(arena, buf_str(&name));
}

struct str exchange_name(struct arena *arena, const struct chat_origin *origin,
			 const struct value *request)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str prefix = exchange_prefix(arena, origin);
	struct str digest;

	json_write(&text, request, JSON_COMPACT);
	digest = sha256_hex(arena, buf_str(&text));
	return arena_printf(arena, "%.*s%.*s.json", STR_ARG(prefix), EXCHANGE_KEY_LEN, digest.ptr);
}
