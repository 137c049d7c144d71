/* A chat as the bodies of Bedrock's APIs: pure functions from one tree to another. */
#ifndef BEDROCK_CHAT_BODY_H
#define BEDROCK_CHAT_BODY_H

#include "model/model.h"

/* What a request depends on besides the chat.  All borrowed. */
struct request_options {
	const struct model *model; /* traits, cache */
	struct str guardrail_id, guardrail_version;
	const struct value *fields;   /* further members for the model itself, or NULL */
	struct str anthropic_version; /* Messages only */
	bool stream;
	struct str service_tier, project; /* Converse only: the other API has headers */
	/* What the model refused before (fit.h). */
	bool no_metadata, no_status, loose_schema;
	bool strict_tools;
};

/*
 * How an answer of a given shape is asked for.  With OUTPUT_TOOL the model is made to call a tool whose
 * input is the answer; reply_unwrap_output() makes text of it again.
 */
enum output_way { OUTPUT_NONE, OUTPUT_NATIVE, OUTPUT_TOOL, OUTPUT_PROMPT };

enum output_way request_output_way(const struct model *model, const struct chat *chat);

/* The tool's name, "answer" when the chat names none. */
struct str request_output_name(const struct chat *chat);

/* The tools of the request: those of the chat or, with OUTPUT_TOOL, the single one whose input is the answer. */
const struct tool *request_tools(struct arena *arena, const struct chat *chat, enum output_way way,
				 size_t *len);

/* Which tool choice may be sent: thinking on request and plain tools exclude a forced one. */
enum tool_choice request_tool_choice(const struct model *model, const struct chat *chat);

/* The bodies borrow the chat's texts and schemas. */

/* Converse and ConverseStream.  NULL with ERROR_CONFIG when a schema cannot be expressed in it. */
struct value *converse_request(struct arena *arena, const struct request_options *options,
			       const struct chat *chat, struct error *err) MUST_USE;

/* Anthropic Messages, for InvokeModel and its stream. */
struct value *messages_request(struct arena *arena, const struct request_options *options,
			       const struct chat *chat, struct error *err) MUST_USE;

/* The metadata object, or NULL when nothing is known. */
struct value *request_metadata(struct arena *arena, const struct chat_origin *origin);

/*
 * A tool's or an answer's schema as the model takes it: the schema itself, or a copy with references inlined
 * where the model knows none.  Not to be changed.
 */
struct value *request_schema(struct arena *arena, const struct model *model, struct value *schema,
			     struct error *err) MUST_USE;

/* The system text; with OUTPUT_PROMPT followed by the schema of the answer. */
struct str request_system_text(struct arena *arena, const struct model *model,
			       const struct chat *chat);

/* The schema of the answer in the form that structured output takes. */
struct value *request_output_schema(struct arena *arena, const struct request_options *options,
				    const struct chat *chat);

/* Whether the tool is sent with `strict`, which makes its input match its schema: only the answer tool. */
bool request_is_strict(const struct request_options *options, const struct chat *chat,
		       struct str tool);

/* Sets Claude's "thinking", unless the model's default applies. */
void request_put_thinking(struct arena *arena, struct value *object,
			  const struct inference *inference);

/* Whether to send a block: the service refuses text that is only white space. */
bool request_block_counts(const struct block *block);

/* Adds a block that is joined to the last text of `content`; false when it must be a separate block. */
bool request_join_text(struct arena *arena, struct value *content, const struct block *block);

#endif
