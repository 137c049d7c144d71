/* Answers of Bedrock's APIs as replies: pure functions on bytes, whole or streamed. */
#ifndef BEDROCK_REPLY_H
#define BEDROCK_REPLY_H

#include "aws/eventstream.h"
#include "base/error.h"
#include "bedrock/assembly.h"

/* Converse: one JSON text.  Members that are not known are ignored. */
bool converse_reply_read(struct assembly *assembly, struct str body, struct error *err) MUST_USE;

/* ConverseStream: one event.  An exception event is an error, classified as aws_error_stream() does. */
bool converse_event_read(struct assembly *assembly, const struct stream_event *event,
			 struct error *err) MUST_USE;

/* InvokeModel with a Messages body. */
bool messages_reply_read(struct assembly *assembly, struct str body, struct error *err) MUST_USE;

/* InvokeModelWithResponseStream: one event, which wraps one event of the Messages API. */
bool messages_event_read(struct assembly *assembly, const struct stream_event *event,
			 struct error *err) MUST_USE;

/*
 * What all streams share: True with *type set to the event's type when it is one; an exception or an
 * error message is an error.
 */
bool event_open(const struct stream_event *event, struct str *type, struct error *err) MUST_USE;

#endif
