/* What GitHub and the people on it send: event files, Link headers, commands in comments. */
#include "github/answer.h"
#include "github/comment_command.h"
#include "github/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_event(const char *name, struct str text)
{
	static const struct event_facts facts = {.has_oidc = true};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct event event = {0};
	struct error err = {0};

	if (event_decode(&arena, str_from(name), text, &event, &err))
		(void)event_decide(&event, &facts);
	else
		assert(err.kind != ERROR_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const events[] = {"pull_request", "issue_comment",
					     "pull_request_review_comment", "push"};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct comment_command command;
	struct str text;

	if (!size)
		return 0;
	text = str_of((const char *)data + 1, size - 1);
	try_event(events[data[0] % ARRAY_LEN(events)], text);
	(void)answer_next_link(text);
	comment_command_parse(text, data[0] & 1, &arena, &command);
	for (size_t i = 0; i < command.agents_len; i++)
		assert(command.agents[i].len > 0);
	return 0;
}
