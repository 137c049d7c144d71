/* Owned byte buffers that grow, end in NUL, and have a ceiling. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

char buf_empty[1];

void buf_init(struct buf *buf, size_t max)
{
	*buf = (struct buf){.ptr = buf_empty, .max = max};
}

void buf_release(struct buf *buf)
{
	if (!buf)
		return;
	if (buf->cap)
		free(buf->ptr);
	buf_init(buf, buf->max);
}

void buf_reset(struct buf *buf)
{
	buf_set_len(buf, 0);
}

char *buf_room(struct buf *buf, size_t extra)
{
	size_t need;
	size_t cap;

	if (__builtin_add_overflow(buf->len, extra, &need) || need > buf->max)
		memory_exhausted();
	if (need + 1 > buf->cap) {
		cap = MAX_OF(buf->cap + buf->cap / 2, need + 1);
		cap = MAX_OF(cap, (size_t)64);
		buf->ptr = memory_grow(buf->cap ? buf->ptr : NULL, cap, 1);
		buf->cap = cap;
		buf->ptr[buf->len] = '\0';
	}
	return buf->ptr + buf->len;
}

void buf_set_len(struct buf *buf, size_t len)
{
	assert(len < buf->cap || (!len && !buf->cap));
	buf->len = len;
	if (buf->cap)
		buf->ptr[len] = '\0';
}

void buf_trim(struct buf *buf)
{
	if (buf->cap <= buf->len + 1)
		return;
	buf->ptr = memory_grow(buf->ptr, buf->len + 1, 1);
	buf->cap = buf->len + 1;
}

void buf_add(struct buf *buf, struct str s)
{
	if (!s.len)
		return;
	memcpy(buf_room(buf, s.len), s.ptr, s.len);
	buf_set_len(buf, buf->len + s.len);
}

void buf_add_text(struct buf *buf, const char *text)
{
	buf_add(buf, str_from(text));
}

void buf_add_many(struct buf *buf, char c, size_t count)
{
	if (!count)
		return;
	memset(buf_room(buf, count), c, count);
	buf_set_len(buf, buf->len + count);
}

void buf_vaddf(struct buf *buf, const char *fmt, va_list args)
{
	va_list again;
	char *to = buf_room(buf, 0);
	size_t room = buf->cap - buf->len;
	int len;

	va_copy(again, args);
	len = vsnprintf(to, room, fmt, args);
	if (len > 0) {
		to = buf_room(buf, (size_t)len);
		if ((size_t)len >= room)
			vsnprintf(to, (size_t)len + 1, fmt, again);
	}
	buf_set_len(buf, buf->len + (size_t)MAX_OF(len, 0));
	va_end(again);
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	buf_vaddf(buf, fmt, args);
	va_end(args);
}

bool buf_take(struct buf *buf, struct str s, const char *what, struct error *err)
{
	if (s.len > buf->max - buf->len)
		return error_set(err, ERROR_LIMIT, "%s: more than %zu bytes", what, buf->max);
	buf_add(buf, s);
	return true;
}

void buf_remove(struct buf *buf, size_t start, size_t count)
{
	if (start >= buf->len)
		return;
	count = MIN_OF(count, buf->len - start);
	memmove(buf->ptr + start, buf->ptr + start + count, buf->len - start - count);
	buf_set_len(buf, buf->len - count);
}

struct str buf_str(const struct buf *buf)
{
	return str_of(buf->ptr, buf->len);
}
