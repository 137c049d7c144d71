/* Messages of event streams, built for tests. */
#ifndef TESTS_UNIT_AWS_FRAMES_H
#define TESTS_UNIT_AWS_FRAMES_H

#include "base/buf.h"

/* Appends an event, or an exception, with a JSON payload. */
void frame_event(struct buf *out, const char *type, const char *payload);
void frame_exception(struct buf *out, const char *type, const char *payload);

/* A "chunk" event that wraps an event of the Messages API. */
void frame_chunk(struct buf *out, const char *event);

#endif
