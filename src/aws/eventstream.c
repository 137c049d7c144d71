/* The binary framing of AWS event streams, read as it arrives. */
#include "aws/eventstream.h"

#include <string.h>
#include <zlib.h>

#include "base/utf8.h"

/* Total length, length of the headers, checksum of both; the message's own checksum at its end. */
enum { PRELUDE_SIZE = 12, CHECKSUM_SIZE = 4, FRAME_SIZE = PRELUDE_SIZE + CHECKSUM_SIZE };

/* How many bytes the value of a header has; -1: two bytes before it say so. */
static const int value_sizes[] = {
	[EVENT_HEADER_TRUE] = 0,   [EVENT_HEADER_FALSE] = 0,   [EVENT_HEADER_INT8] = 1,
	[EVENT_HEADER_INT16] = 2,  [EVENT_HEADER_INT32] = 4,   [EVENT_HEADER_INT64] = 8,
	[EVENT_HEADER_BYTES] = -1, [EVENT_HEADER_STRING] = -1, [EVENT_HEADER_TIMESTAMP] = 8,
	[EVENT_HEADER_UUID] = 16,
};

/* `len` bytes, most significant first; the first bit is the sign. */
static int64_t read_number(const char *ptr, size_t len)
{
	uint64_t number = len && (ptr[0] & 0x80) ? UINT64_MAX : 0;

	for (size_t i = 0; i < len; i++)
		number = number << 8 | (unsigned char)ptr[i];
	return (int64_t)number;
}

static uint32_t read_u32(const char *ptr)
{
	return (uint32_t)read_number(ptr, 4);
}

static uint32_t checksum(struct str bytes)
{
	return (uint32_t)crc32_z(0, (const unsigned char *)bytes.ptr, bytes.len);
}

struct str event_header_string(const struct stream_event *event, const char *name)
{
	struct str wanted = str_from(name);

	for (size_t i = 0; i < event->headers_len; i++) {
		const struct event_header *header = &event->headers[i];

		if (header->type == EVENT_HEADER_STRING && str_eq(header->name, wanted))
			return header->bytes;
	}
	return STR_EMPTY;
}

void eventstream_release(struct eventstream *stream)
{
	buf_release(&stream->buf);
	stream->start = 0;
}

void eventstream_feed(struct eventstream *stream, struct str bytes)
{
	buf_remove(&stream->buf, 0, stream->start);
	stream->start = 0;
	buf_add(&stream->buf, bytes);
}

static bool fail(struct error *err, const char *why)
{
	return error_set(err, ERROR_PROTOCOL, "event stream: %s", why);
}

/* Takes one header off `rest`. */
static bool take_header(struct str *rest, struct event_header *header, struct error *err)
{
	size_t name_len = (unsigned char)rest->ptr[0];
	unsigned char type;
	size_t size;

	if (name_len == 0 || rest->len < 1 + name_len + 1)
		return fail(err, "the name of a header has a wrong length");
	*header = (struct event_header){.name = str_slice(*rest, 1, name_len)};
	if (!utf8_valid(header->name))
		return fail(err, "the name of a header is not UTF-8");
	type = (unsigned char)rest->ptr[1 + name_len];
	if (type >= ARRAY_LEN(value_sizes))
		return fail(err, "a header has an unknown type");
	header->type = (enum event_header_type)type;
	*rest = str_skip(*rest, 1 + name_len + 1);

	size = (size_t)value_sizes[type];
	if (value_sizes[type] < 0) {
		if (rest->len < 2)
			return fail(err, "a header is cut off");
		size = (size_t)read_number(rest->ptr, 2) & 0xffff;
		if (size > INT16_MAX)
			return fail(err, "the value of a header is longer than 32767 bytes");
		*rest = str_skip(*rest, 2);
	}
	if (rest->len < size)
		return fail(err, "the value of a header is cut off");
	header->bytes = str_slice(*rest, 0, size);
	*rest = str_skip(*rest, size);

	if (header->type == EVENT_HEADER_TRUE)
		header->number = 1;
	else if (size && size <= 8 && value_sizes[type] > 0)
		header->number = read_number(header->bytes.ptr, size);
	if (header->type == EVENT_HEADER_STRING && !utf8_valid(header->bytes))
		return fail(err, "the value of a header is not UTF-8");
	return true;
}

static bool take_headers(struct str bytes, struct stream_event *event, struct error *err)
{
	event->headers_len = 0;
	while (bytes.len) {
		struct event_header *header = &event->headers[event->headers_len];

		if (event->headers_len == EVENTSTREAM_HEADERS_MAX)
			return fail(err, "a message has more than 64 headers");
		if (!take_header(&bytes, header, err))
			return false;
		for (size_t i = 0; i < event->headers_len; i++) {
			if (str_eq(event->headers[i].name, header->name))
				return fail(err, "a header occurs twice in one message");
		}
		event->headers_len++;
	}
	return true;
}

bool eventstream_next(struct eventstream *stream, struct stream_event *event, bool *found,
		      struct error *err)
{
	struct str bytes = str_skip(buf_str(&stream->buf), stream->start);
	uint32_t total, headers_len;

	*found = false;
	if (bytes.len < PRELUDE_SIZE)
		return true;
	/* The prelude is checked before its lengths are believed. */
	if (checksum(str_slice(bytes, 0, 8)) != read_u32(bytes.ptr + 8))
		return fail(err, "the checksum of a prelude is wrong");
	total = read_u32(bytes.ptr);
	headers_len = read_u32(bytes.ptr + 4);
	if (total < FRAME_SIZE || headers_len > total - FRAME_SIZE)
		return fail(err, "the lengths of a message contradict each other");
	if (headers_len > EVENTSTREAM_HEADERS_SIZE_MAX)
		return fail(err, "the headers of a message are longer than 128 KiB");
	if (total - FRAME_SIZE - headers_len > EVENTSTREAM_PAYLOAD_SIZE_MAX)
		return fail(err, "the payload of a message is longer than 24 MiB");
	if (bytes.len < total)
		return true;

	bytes = str_slice(bytes, 0, total);
	if (checksum(str_slice(bytes, 0, total - CHECKSUM_SIZE)) !=
	    read_u32(bytes.ptr + total - CHECKSUM_SIZE))
		return fail(err, "the checksum of a message is wrong");
	if (!take_headers(str_slice(bytes, PRELUDE_SIZE, headers_len), event, err))
		return false;
	event->payload =
		str_slice(bytes, PRELUDE_SIZE + headers_len, total - FRAME_SIZE - headers_len);
	stream->start += total;
	*found = true;
	return true;
}

bool eventstream_end(const struct eventstream *stream, struct error *err)
{
	if (stream->start < stream->buf.len)
		return fail(err, "the answer ends in the middle of a message");
	return true;
}
