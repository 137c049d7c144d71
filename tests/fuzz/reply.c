/* Answers of models: JSON of both APIs, whole and as events, becomes a reply or an error. */
#include "bedrock/reply.h"

#include "base/encode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Event types that the first byte of the input chooses from. */
static const struct str types[] = {
	STR_INIT("messageStart"), STR_INIT("contentBlockStart"), STR_INIT("contentBlockDelta"),
	STR_INIT("messageStop"),  STR_INIT("metadata"),          STR_INIT("chunk"),
};

static void finish(struct assembly *assembly)
{
	struct reply reply = {0};
	struct error err;

	if (assembly_finish(assembly, &reply, &err))
		reply_unwrap_output(assembly->arena, &reply, STR("answer"));
	assembly_release(assembly);
}

/* Each line is the payload of an event, after a letter that names its type. */
static void read_events(struct str text)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct assembly assembly = {.arena = &arena};
	struct stream_event *event = ARENA_NEW(&arena, struct stream_event);
	struct str line;
	struct error err;
	bool fine = true;

	event->headers_len = 2;
	event->headers[0] = (struct event_header){
		.name = STR(":message-type"), .type = EVENT_HEADER_STRING, .bytes = STR("event")};
	event->headers[1] =
		(struct event_header){.name = STR(":event-type"), .type = EVENT_HEADER_STRING};
	while (fine && str_next_line(&text, &line, NULL)) {
		SCOPED(buf) struct buf payload = BUF_INIT;
		size_t type = line.len ? (unsigned char)line.ptr[0] % ARRAY_LEN(types) : 0;

		event->headers[1].bytes = types[type];
		line = str_skip(line, 1);
		if (str_eq(types[type], STR("chunk"))) {
			buf_add(&payload, STR("{\"bytes\":\""));
			base64_add(&payload, line);
			buf_add(&payload, STR("\"}"));
			event->payload = buf_str(&payload);
			fine = messages_event_read(&assembly, event, &err);
		} else {
			event->payload = line;
			fine = converse_event_read(&assembly, event, &err);
		}
	}
	finish(&assembly);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str text = str_of((const char *)data, size);
	struct assembly converse = {.arena = &arena}, messages = {.arena = &arena};
	struct error err;

	if (converse_reply_read(&converse, text, &err))
		finish(&converse);
	else
		assembly_release(&converse);
	if (messages_reply_read(&messages, text, &err))
		finish(&messages);
	else
		assembly_release(&messages);
	read_events(text);
	return 0;
}
