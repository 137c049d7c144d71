/* The event stream's framing, held to the messages that five clients publish. */
#include "aws/eventstream.h"

#include <stdlib.h>

#include "base/encode.h"
#include "shared.h"
#include "unit.h"

/* Feeds `bytes` in pieces and counts the messages. False when the stream is refused. */
static bool read_stream(struct str bytes, size_t piece, size_t *count, struct error *err)
{
	SCOPED(eventstream) struct eventstream stream = EVENTSTREAM_INIT;
	struct event *event = malloc(sizeof(*event));
	bool fine = true;

	*count = 0;
	for (size_t at = 0; fine && at < bytes.len; at += piece) {
		bool found = true;

		eventstream_feed(&stream, str_slice(bytes, at, piece));
		while (fine && found) {
			fine = eventstream_next(&stream, event, &found, err);
			*count += fine && found;
		}
	}
	free(event);
	return fine && eventstream_end(&stream, err);
}

static void expect(struct str name, struct str bytes, bool accepted)
{
	const size_t pieces[] = {1, 7, bytes.len + 1};

	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct error err = {0};
		size_t count;
		bool fine = read_stream(bytes, pieces[i], &count, &err);

		ck_assert_msg(fine == accepted, "%.*s in pieces of %zu: %s", STR_ARG(name),
			      pieces[i], fine ? "accepted" : err.message);
		if (fine)
			ck_assert_uint_ge(count, 1);
		else
			ck_assert_int_eq(err.kind, ERROR_PROTOCOL);
	}
}

static void expect_folder(struct arena *arena, const char *folder, bool accepted, size_t files)
{
	struct shared_names names = shared_folder(arena, folder);

	ck_assert_uint_eq(names.len, files);
	for (size_t i = 0; i < names.len; i++) {
		struct str path = arena_printf(arena, "%s/%.*s", folder, STR_ARG(names.items[i]));

		expect(names.items[i], shared_file(arena, path.ptr), accepted);
	}
}

TEST(accepts_and_refuses_the_messages_of_the_go_and_python_clients)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	if (!unit_shared_data())
		return;
	expect_folder(&arena, "eventstream/aws-sdk-go/encoded/positive", true, 5);
	expect_folder(&arena, "eventstream/aws-sdk-go/encoded/negative", false, 4);
	expect_folder(&arena, "eventstream/botocore/encoded/positive", true, 9);
	expect_folder(&arena, "eventstream/botocore/encoded/negative", false, 6);
}

TEST(refuses_a_payload_beyond_the_maximum_before_reading_it)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf prefix = BUF_INIT;
	struct error err = {0};
	struct value *recipe;
	size_t count;

	if (!unit_shared_data())
		return;
	recipe = value_get(
		shared_json(&arena,
			    "eventstream/botocore/decoded/negative/invalid_payload_length.json"),
		"construct");
	ck_assert(hex_decode(value_get_string(recipe, "prefix_hex"), &prefix));
	ck_assert(!read_stream(buf_str(&prefix), prefix.len, &count, &err));
	ck_assert(str_contains(str_from(err.message), STR("24 MiB")));
}

TEST(accepts_and_refuses_the_messages_of_the_rust_and_c_clients)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct shared_names names;
	struct value *manifest;
	size_t refused = 0, seen = 0;

	if (!unit_shared_data())
		return;
	names = shared_folder(&arena, "eventstream/smithy-rs");
	for (size_t i = 0; i < names.len; i++) {
		struct str path =
			arena_printf(&arena, "eventstream/smithy-rs/%.*s", STR_ARG(names.items[i]));
		bool valid = str_starts(names.items[i], STR("valid_"));

		if (!valid && !str_starts(names.items[i], STR("invalid_")))
			continue;
		expect(names.items[i], shared_file(&arena, path.ptr), valid);
		seen++;
	}
	ck_assert_uint_eq(seen, 11);

	manifest = shared_json(&arena, "eventstream/aws-c-event-stream/manifest.json");
	ck_assert_uint_eq(value_len(manifest), 16);
	for (size_t i = 0; i < value_len(manifest); i++) {
		const struct member *member = &manifest->object.members[i];
		bool valid = value_len(value_get(member->value, "errors_named_in_test")) == 0;
		struct str path =
			arena_printf(&arena, "eventstream/aws-c-event-stream/encoded/%.*s",
				     STR_ARG(member->name));

		refused += !valid;
		expect(member->name, shared_file(&arena, path.ptr), valid);
	}
	ck_assert_uint_eq(refused, 2);
}

/* What the header holds, against the type and value that the vector gives. */
static void expect_header(const struct event_header *header, const struct value *wanted)
{
	struct str type = value_get_string(wanted, "type");
	const struct value *value = value_get(wanted, "value");

	if (str_eq(type, STR("string"))) {
		ck_assert_str_is(header->bytes, value_as_string(value));
	} else if (str_eq(type, STR("boolean"))) {
		ck_assert_int_eq(header->number, value->boolean);
	} else if (str_eq(type, STR("binary"))) {
		SCOPED(buf) struct buf bytes = BUF_INIT;

		ck_assert(hex_decode(value_get_string(value, "hex"), &bytes));
		ck_assert_str_is(header->bytes, buf_str(&bytes));
	} else if (str_eq(type, STR("timestamp"))) {
		ck_assert_int_eq(header->type, EVENT_HEADER_TIMESTAMP);
	} else if (str_eq(type, STR("uuid"))) {
		ck_assert_uint_eq(header->bytes.len, 16);
	} else {
		ck_assert(value_is(value, VALUE_INT));
		ck_assert_int_eq(header->number, value->integer);
	}
}

TEST(decodes_every_type_of_header_and_the_payload)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct value *vectors;

	if (!unit_shared_data())
		return;
	vectors = shared_json(&arena, "eventstream/smithy-js/vectors.json");
	ck_assert_uint_eq(value_len(vectors), 9);
	for (size_t i = 0; i < value_len(vectors); i++) {
		const struct member *member = &vectors->object.members[i];
		const struct value *decoded = value_get(member->value, "decoded");
		const struct value *headers = value_get(decoded, "headers");
		bool valid = str_eq(value_get_string(member->value, "expectation"), STR("success"));
		SCOPED(eventstream) struct eventstream stream = EVENTSTREAM_INIT;
		SCOPED(buf) struct buf bytes = BUF_INIT;
		SCOPED(buf) struct buf body = BUF_INIT;
		struct event *event = ARENA_NEW(&arena, struct event);
		struct error err = {0};
		bool found;

		ck_assert(hex_decode(value_get_string(member->value, "encoded_hex"), &bytes));
		expect(member->name, buf_str(&bytes), valid);
		if (!valid)
			continue;
		eventstream_feed(&stream, buf_str(&bytes));
		ck_assert(eventstream_next(&stream, event, &found, &err) && found);
		ck_assert(hex_decode(value_get_string(value_get(decoded, "body"), "hex"), &body));
		ck_assert_str_is(event->payload, buf_str(&body));
		ck_assert_uint_eq(event->headers_len, value_len(headers));
		for (size_t j = 0; j < event->headers_len; j++)
			expect_header(&event->headers[j],
				      value_get_str(headers, event->headers[j].name));
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
