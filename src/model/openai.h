/* Reads conversations in the format of OpenAI's chat API into a chat, and writes replies in it. */
#ifndef MODEL_OPENAI_H
#define MODEL_OPENAI_H

#include "model/chat.h"

enum { OPENAI_MESSAGES_MAX = 10000, OPENAI_TOOLS_MAX = 200 };

/*
 * Adds messages: a list, or an object with the list as "messages", of the roles system, developer, user,
 * assistant (with tool_calls) and tool.  Messages of one side that follow each other become one.
 * ERROR_USAGE names the message.  Strings are borrowed from the tree, which lives in the chat's arena.
 */
bool openai_read_messages(const struct value *tree, struct chat *chat, struct error *err) MUST_USE;

/* Sets the chat's tools from a list of {"type": "function", "function": {...}}; ERROR_USAGE. */
bool openai_read_tools(const struct value *tree, struct chat *chat, struct error *err) MUST_USE;

/* When an answer was made (seconds since 1970), and its id. */
struct openai_stamp {
	struct str id;
	int64_t created;
};

/* A whole answer, as "chat.completion"; prompt_tokens includes cached tokens. */
struct value *openai_completion(struct arena *arena, const struct openai_stamp *stamp,
				const struct reply *reply);

/* One piece of text, as "chat.completion.chunk"; the model's id as the caller knows it. */
struct value *openai_chunk(struct arena *arena, const struct openai_stamp *stamp, struct str model,
			   struct str text);

/* The last one: tool calls, finish_reason and usage. */
struct value *openai_last_chunk(struct arena *arena, const struct openai_stamp *stamp,
				const struct reply *reply);

#endif
