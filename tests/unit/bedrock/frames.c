/* Messages of event streams, built for tests. */
#include "frames.h"

#include <string.h>
#include <zlib.h>

#include "base/encode.h"

static void add_u32(struct buf *out, size_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_add_char(out, (char)(number >> shift & 0xff));
}

static void add_header(struct buf *out, const char *name, const char *value)
{
	size_t len = strlen(value);

	buf_add_char(out, (char)strlen(name));
	buf_add_text(out, name);
	buf_add_char(out, 7);
	buf_add_char(out, (char)(len >> 8));
	buf_add_char(out, (char)(len & 0xff));
	buf_add_text(out, value);
}

static void add_checksum(struct buf *out, size_t start)
{
	add_u32(out, crc32_z(0, (const unsigned char *)out->ptr + start, out->len - start));
}

static void add_frame(struct buf *out, const char *kind, const char *type_header, const char *type,
		      const char *payload)
{
	SCOPED(buf) struct buf headers = BUF_INIT;
	size_t start = out->len;

	add_header(&headers, ":message-type", kind);
	add_header(&headers, type_header, type);
	add_header(&headers, ":content-type", "application/json");
	add_u32(out, 16 + headers.len + strlen(payload));
	add_u32(out, headers.len);
	add_checksum(out, start);
	buf_add(out, buf_str(&headers));
	buf_add_text(out, payload);
	add_checksum(out, start);
}

void frame_event(struct buf *out, const char *type, const char *payload)
{
	add_frame(out, "event", ":event-type", type, payload);
}

void frame_exception(struct buf *out, const char *type, const char *payload)
{
	add_frame(out, "exception", ":exception-type", type, payload);
}

void frame_chunk(struct buf *out, const char *event)
{
	SCOPED(buf) struct buf payload = BUF_INIT;

	buf_add_text(&payload, "{\"bytes\":\"");
	base64_add(&payload, str_from(event));
	buf_add_text(&payload, "\",\"p\":\"abcd\"}");
	frame_event(out, "chunk", payload.ptr);
}
