/* Event streams: any bytes, in pieces of any size, are decoded or refused. */
#include "aws/eventstream.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(eventstream) struct eventstream stream = EVENTSTREAM_INIT;
	struct stream_event *event = malloc(sizeof(*event));
	struct str bytes = str_of((const char *)data, size);
	/* The first byte decides about the size of the pieces. */
	size_t piece = size ? (size_t)data[0] + 1 : 1;
	bool fine = true;
	struct error err;

	for (size_t at = size ? 1 : 0; fine && at < size; at += piece) {
		bool found = true;

		eventstream_feed(&stream, str_slice(bytes, at, piece));
		while (fine && found) {
			fine = eventstream_next(&stream, event, &found, &err);
			if (fine && found)
				assert(event->payload.len <= size);
		}
	}
	if (fine && !eventstream_end(&stream, &err))
		assert(err.kind == ERROR_PROTOCOL);
	free(event);
	return 0;
}
