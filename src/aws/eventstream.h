/* The binary framing of AWS event streams (application/vnd.amazon.eventstream), read as it arrives. */
#ifndef AWS_EVENTSTREAM_H
#define AWS_EVENTSTREAM_H

#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

enum {
	EVENTSTREAM_HEADERS_SIZE_MAX = 128 << 10,
	EVENTSTREAM_PAYLOAD_SIZE_MAX = 24 << 20,
	EVENTSTREAM_HEADERS_MAX = 64, /* headers of one message */
};

enum event_header_type {
	EVENT_HEADER_TRUE,
	EVENT_HEADER_FALSE,
	EVENT_HEADER_INT8,
	EVENT_HEADER_INT16,
	EVENT_HEADER_INT32,
	EVENT_HEADER_INT64,
	EVENT_HEADER_BYTES,
	EVENT_HEADER_STRING,
	EVENT_HEADER_TIMESTAMP, /* milliseconds since 1970 */
	EVENT_HEADER_UUID,      /* 16 bytes */
};

struct event_header {
	struct str name;
	enum event_header_type type;
	int64_t number;   /* the numbers, the timestamp, 0 or 1 */
	struct str bytes; /* BYTES, STRING (UTF-8), UUID */
};

/* One message.  All is borrowed from the stream until its next call. */
struct stream_event {
	struct event_header headers[EVENTSTREAM_HEADERS_MAX];
	size_t headers_len;
	struct str payload;
};

/* The string header of that name, or empty. */
struct str event_header_string(const struct stream_event *event, const char *name);

/*
 * Takes bytes as they arrive and returns whole messages.  Initialize it with EVENTSTREAM_INIT.
 * It cannot be used after an error.
 *
 * Life cycle: EVENTSTREAM_INIT -> eventstream_feed(), then eventstream_next() until it finds none, for
 * each piece -> eventstream_end() -> eventstream_release().
 */
struct eventstream {
	struct buf buf;
	size_t start; /* where the next message begins in `buf` */
};

#define EVENTSTREAM_INIT {.buf = BUF_INIT}

void eventstream_release(struct eventstream *stream);

/* Adds bytes; earlier events become invalid. */
void eventstream_feed(struct eventstream *stream, struct str bytes);

/*
 * True: *found says whether `event` was filled; if not, more bytes are needed.  False with
 * ERROR_PROTOCOL: a checksum, a length or a header is wrong.
 */
bool eventstream_next(struct eventstream *stream, struct stream_event *event, bool *found,
		      struct error *err) MUST_USE;

/* False with ERROR_PROTOCOL when the bytes ended in the middle of a message. */
bool eventstream_end(const struct eventstream *stream, struct error *err) MUST_USE;

#endif
