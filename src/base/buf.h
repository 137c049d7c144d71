/* Owned byte buffers that grow, end in NUL, and have a ceiling. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

/* The maximum size of a buffer unless a smaller one is set: 256 MiB. */
#define BUF_SIZE_MAX ((size_t)256 << 20)

/*
 * `ptr` is never NULL and ptr[len] is NUL once initialized by BUF_INIT or buf_init().  `max` bounds
 * `len`; buf_take() reports reaching it, the other functions treat it as running out of memory, so
 * use buf_take() for untrusted amounts of bytes.
 *
 * Life cycle: BUF_INIT or buf_init() -> add... -> buf_reset() to use it again, buf_release() at last.
 */
struct buf {
	char *ptr;
	size_t len;
	size_t cap; /* 0: `ptr` is a shared empty string */
	size_t max;
};

extern char buf_empty[1];

#define BUF_INIT {.ptr = buf_empty, .max = BUF_SIZE_MAX}

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);
void buf_reset(struct buf *buf); /* empties, keeps the memory */
void buf_trim(struct buf *buf);  /* gives back the memory that is not used */

void buf_add(struct buf *buf, struct str s);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_many(struct buf *buf, char c, size_t count);
void buf_addf(struct buf *buf, const char *fmt, ...) PRINTF(2, 3);
void buf_vaddf(struct buf *buf, const char *fmt, va_list args) PRINTF(2, 0);

/* Appends bytes of untrusted amount.  Fails with ERROR_LIMIT, naming `what` and the maximum. */
bool buf_take(struct buf *buf, struct str s, const char *what, struct error *err) MUST_USE;

/* Appends one character; inlined, as texts of many are made of them. */
static inline void UNUSED buf_add_char(struct buf *buf, char c)
{
	if (buf->len + 1 >= buf->cap || buf->len >= buf->max) {
		buf_add(buf, str_of(&c, 1));
		return;
	}
	buf->ptr[buf->len++] = c;
	buf->ptr[buf->len] = '\0';
}

/* Room for `extra` more bytes; returns where they go.  Set `len` (and the NUL) with buf_set_len(). */
char *buf_room(struct buf *buf, size_t extra);
void buf_set_len(struct buf *buf, size_t len);

/* Removes `count` bytes at `start`; both are clamped. */
void buf_remove(struct buf *buf, size_t start, size_t count);

struct str buf_str(const struct buf *buf);

#endif
