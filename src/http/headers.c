/* Header lists. */
#include <stdlib.h>

#include "base/memory.h"
#include "http/http.h"

void http_header_add(struct http_headers *headers, struct str name, struct str value)
{
	if (headers->len == headers->cap) {
		headers->cap = headers->cap ? headers->cap * 2 : 8;
		headers->items = memory_grow(headers->items, headers->cap, sizeof(*headers->items));
	}
	headers->items[headers->len++] = (struct http_header){name, value};
}

void http_headers_release(struct http_headers *headers)
{
	if (!headers)
		return;
	free(headers->items);
	*headers = (struct http_headers){0};
}

struct str http_header_get(const struct http_headers *headers, const char *name)
{
	for (size_t i = 0; i < headers->len; i++) {
		if (str_eq_nocase(headers->items[i].name, str_from(name)))
			return headers->items[i].value;
	}
	return STR_EMPTY;
}
