/* The events that all streams share, such as exceptions. */
#include "aws/errors.h"
#include "bedrock/reply.h"
#include "value/json.h"

enum { EXCEPTION_SIZE_MAX = 64 << 10 };

bool event_open(const struct stream_event *event, struct str *type, struct error *err)
{
	struct str kind = event_header_string(event, ":message-type");

	if (str_eq(kind, STR("event"))) {
		*type = event_header_string(event, ":event-type");
		return true;
	}
	if (str_eq(kind, STR("exception"))) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct error ignored = {0};
		const struct value *payload =
			json_read(&arena, event->payload, EXCEPTION_SIZE_MAX, &ignored);
		struct str message = value_get_string(payload, "message");

		if (message.len == 0)
			message = value_get_string(payload, "Message");
		return aws_error_stream(event_header_string(event, ":exception-type"), message,
					err);
	}
	if (str_eq(kind, STR("error")))
		return aws_error_stream(event_header_string(event, ":error-code"),
					event_header_string(event, ":error-message"), err);
	return error_set(err, ERROR_PROTOCOL,
			 "event stream: a message of the unknown type \"%.*s\"", STR_ARG(kind));
}
