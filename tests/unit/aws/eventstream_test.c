/* The event stream's framing, held to what botocore reads and refuses. */
#include "aws/eventstream.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/encode.h"
#include "unit.h"
#include "vectors.h"

/* Feeds `bytes` in pieces and counts the messages. False when the stream is refused. */
static bool read_stream(struct str bytes, size_t piece, size_t *count, struct error *err)
{
	SCOPED(eventstream) struct eventstream stream = EVENTSTREAM_INIT;
	struct stream_event *event = malloc(sizeof(*event));
	bool ok = true;

	*count = 0;
	for (size_t at = 0; ok && at < bytes.len; at += piece) {
		bool found = true;

		eventstream_feed(&stream, str_slice(bytes, at, piece));
		while (ok && found) {
			ok = eventstream_next(&stream, event, &found, err);
			*count += ok && found;
		}
	}
	free(event);
	return ok && eventstream_end(&stream, err);
}

static void expect(struct str name, struct str bytes, bool accepted)
{
	const size_t pieces[] = {1, 7, bytes.len + 1};

	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct error err = {0};
		size_t count;
		bool ok = read_stream(bytes, pieces[i], &count, &err);

		ck_assert_msg(ok == accepted, "%.*s in pieces of %zu: %s", STR_ARG(name), pieces[i],
			      ok ? "accepted" : err.message);
		if (ok)
			ck_assert_uint_ge(count, 1);
		else
			ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
	}
}

TEST(refuses_a_payload_beyond_the_maximum_before_reading_it)
{
	/* A prelude of a message with 24 MiB and one byte of payload, and its checksum. */
	SCOPED(buf) struct buf prefix = BUF_INIT;
	struct error err = {0};
	size_t count;

	vectors_bytes(&prefix, STR("0180001100000000"));
	uint32_t checksum = (uint32_t)crc32(0, (const unsigned char *)prefix.ptr, 8);
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_add_char(&prefix, (char)(checksum >> shift));
	ck_assert(!read_stream(buf_str(&prefix), prefix.len, &count, &err));
	ck_assert_msg(str_contains(str_from(err.message), STR("24 MiB")), "%s", err.message);
}

/* What the header holds, against the type and value that the vector gives. */
static void expect_header(const struct event_header *header, const struct value *wanted)
{
	struct str type = value_get_string(wanted, "type");
	const struct value *value = value_get(wanted, "value");

	ck_assert_str_is(header->name, value_get_string(wanted, "name"));
	if (str_eq(type, STR("string"))) {
		ck_assert_str_is(header->bytes, value_as_string(value));
	} else if (value_is(value, VALUE_BOOL)) {
		ck_assert_int_eq(header->number, value->boolean);
	} else if (value_is(value, VALUE_INT)) {
		ck_assert_int_eq(header->number, value->integer);
		ck_assert_int_eq(header->type == EVENT_HEADER_TIMESTAMP,
				 str_eq(type, STR("timestamp")));
	} else {
		SCOPED(buf) struct buf bytes = BUF_INIT;

		vectors_bytes(&bytes, value_as_string(value));
		ck_assert_str_is(header->bytes, buf_str(&bytes));
	}
}

static void expect_message(const struct value *vector, struct str bytes)
{
	const struct value *headers = value_get(vector, "headers");
	SCOPED(eventstream) struct eventstream stream = EVENTSTREAM_INIT;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf payload = BUF_INIT;
	struct stream_event *event = ARENA_NEW(&arena, struct stream_event);
	struct error err = {0};
	bool found;

	eventstream_feed(&stream, bytes);
	ck_assert(eventstream_next(&stream, event, &found, &err) && found);
	vectors_bytes(&payload, value_get_string(vector, "payload_hex"));
	ck_assert_str_is(event->payload, buf_str(&payload));
	ck_assert_uint_eq(event->headers_len, value_len(headers));
	for (size_t i = 0; i < event->headers_len; i++)
		expect_header(&event->headers[i], value_at(headers, i));
}

TEST(reads_and_refuses_messages_as_botocore_does)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *vectors =
		value_get(vectors_json(&arena, "eventstream.json"), "vectors");

	ck_assert_uint_ge(value_len(vectors), 17);
	for (size_t i = 0; i < value_len(vectors); i++) {
		const struct value *vector = value_at(vectors, i);
		bool valid = !value_get_string(vector, "error").len;
		SCOPED(buf) struct buf bytes = BUF_INIT;

		vectors_bytes(&bytes, value_get_string(vector, "encoded_hex"));
		expect(value_get_string(vector, "name"), buf_str(&bytes), valid);
		if (valid)
			expect_message(vector, buf_str(&bytes));
	}
}

TEST(says_so_when_a_stream_ends_in_the_middle_of_a_message)
{
	static const char message[] = "\0\0\0\x10\0\0\0\0\x05\xc2\x48\xeb\x7d\x98\xc8\xff";
	struct error err = {0};
	size_t count;

	ck_assert(read_stream(str_of(message, 16), 16, &count, &err));
	ck_assert_uint_eq(count, 1);
	ck_assert(!read_stream(str_of(message, 15), 15, &count, &err));
	ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
}
