/* Messages of the event stream. */
#include "aws_frames.h"

#include <string.h>
#include <zlib.h>

#include "base/buf.h"
#include "value/json.h"

enum { PRELUDE_SIZE = 12, TYPE_STRING = 7 };

static void add_u32(struct buf *out, uint32_t number)
{
	char bytes[] = {(char)(number >> 24), (char)(number >> 16), (char)(number >> 8),
			(char)number};

	buf_add(out, str_of(bytes, sizeof(bytes)));
}

static void add_header(struct buf *out, const char *name, const char *value)
{
	size_t len = strlen(value);

	buf_add_char(out, (char)strlen(name));
	buf_add_text(out, name);
	buf_add_char(out, TYPE_STRING);
	buf_add_char(out, (char)(len >> 8));
	buf_add_char(out, (char)len);
	buf_add_text(out, value);
}

static uint32_t crc_of(const struct buf *buf)
{
	return (uint32_t)crc32(0, (const unsigned char *)buf->ptr, (uInt)buf->len);
}

void frames_add_bytes(struct frames *frames, struct arena *arena, bool is_exception,
		      const char *type, struct str payload)
{
	SCOPED(buf) struct buf headers = BUF_INIT;
	SCOPED(buf) struct buf frame = BUF_INIT;

	add_header(&headers, is_exception ? ":exception-type" : ":event-type", type);
	add_header(&headers, ":content-type", "application/json");
	add_header(&headers, ":message-type", is_exception ? "exception" : "event");
	add_u32(&frame, (uint32_t)(PRELUDE_SIZE + headers.len + payload.len + 4));
	add_u32(&frame, (uint32_t)headers.len);
	add_u32(&frame, crc_of(&frame));
	buf_add(&frame, buf_str(&headers));
	buf_add(&frame, payload);
	add_u32(&frame, crc_of(&frame));
	VEC_PUSH(frames, arena_str(arena, buf_str(&frame)));
}

void frames_add(struct frames *frames, struct arena *arena, bool is_exception, const char *type,
		const struct value *payload)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	json_write(&text, payload, JSON_COMPACT);
	frames_add_bytes(frames, arena, is_exception, type, buf_str(&text));
}
