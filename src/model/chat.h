/* A conversation with a model: messages, content blocks, tools; and the model's reply. */
#ifndef MODEL_CHAT_H
#define MODEL_CHAT_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/random.h"
#include "base/str.h"
#include "model/feature.h"
#include "value/value.h"

enum role { ROLE_USER, ROLE_ASSISTANT };

enum block_kind {
	BLOCK_TEXT,
	BLOCK_TOOL_USE,    /* the model wants a tool: id, name, input */
	BLOCK_TOOL_RESULT, /* our answer: id, text, is_error */
	BLOCK_REASONING,   /* text and signature; kept byte for byte across tool turns */
	BLOCK_REDACTED,    /* reasoning that the service hides: data, kept byte for byte */
	BLOCK_CACHE_POINT, /* the blocks before it may be cached */
	BLOCK_GUARD,       /* text that a guardrail looks at */
	BLOCK_DOCUMENT,    /* name, format and bytes */
};

/* A block of content.  Which members count depends on the kind; all strings are borrowed. */
struct block {
	enum block_kind kind;
	/* TEXT, TOOL_RESULT, REASONING, GUARD; REDACTED: base64 data; DOCUMENT: bytes */
	struct str text;
	struct str id;        /* TOOL_USE, TOOL_RESULT */
	struct str name;      /* TOOL_USE, DOCUMENT */
	struct str format;    /* DOCUMENT: "pdf", "md", "txt"... */
	struct str signature; /* REASONING */
	struct str model;     /* of replies that have fallbacks: who said it */
	struct value *input;  /* TOOL_USE: an object */
	struct str
		problem; /* TOOL_USE: why its input, which is in `text`, cannot be read; or empty */
	bool is_error;   /* TOOL_RESULT */
	bool long_life;  /* CACHE_POINT: one hour instead of five minutes */
	bool joined; /* TEXT: sent as one block with the text before it, which many chats may share */
};

struct message {
	enum role role;
	struct block *blocks;
	size_t len, cap;
};

struct tool {
	struct str name; /* at most 64 of [a-zA-Z0-9_-] */
	struct str description;
	struct value *schema; /* JSON Schema of its input */
	size_t schema_size;   /* bytes of its text, for estimates; 0: not counted */
};

enum tool_choice { TOOL_AUTO, TOOL_ANY, TOOL_NAMED };

/* OFF: the request does not mention it; DISABLED: the request turns it off. */
enum thinking_kind { THINKING_OFF, THINKING_BUDGET, THINKING_ADAPTIVE, THINKING_DISABLED };

/* For qsort() on an array of struct tool: by name. */
int tool_compare(const void *a, const void *b);

/* How the model should answer.  Numbers below zero mean: not sent. */
struct inference {
	int64_t max_tokens; /* always sent */
	double temperature, top_p;
	int64_t top_k;
	struct str *stop;
	size_t stop_len;
	enum thinking_kind thinking;
	int64_t thinking_budget; /* tokens */
	struct str effort;       /* "low".."max"; empty: not sent */
};

/* One attempt of a call, for the service's logs.  Zeroed: a call that is tried once. */
struct chat_attempt {
	char invocation_id[RANDOM_UUID_LEN + 1]; /* the same for all attempts of one call */
	int number;                              /* 1-based */
	int max;                                 /* 0: unknown */
};

/* Which agent asks, for the service's logs and for errors; sent as requestMetadata. */
struct chat_origin {
	struct str agent, repository, pull_request, run_id, unit;
	int turn;                    /* 1-based */
	struct chat_attempt attempt; /* set by what repeats the call */
};

/*
 * One conversation.  Messages alternate; the first is the user's.  All that it points to lives in
 * `arena` or longer.  What is added is borrowed: strings are
 * not copied.
 */
struct chat {
	struct arena *arena;
	struct str system;
	bool system_cache_point; /* a cache point behind the system text */
	struct message *messages;
	size_t len, cap;
	struct tool *tools; /* sorted by name, so that equal sets give equal requests */
	size_t tools_len;
	bool tools_cache_point;
	enum tool_choice tool_choice;
	struct str tool_named;
	struct str answer_tool;      /* the tool whose input is the answer; or empty */
	struct value *output_schema; /* structured output; NULL: none */
	struct str output_name;
	struct inference inference;
	struct chat_origin origin;
};

/* Both give an empty item at the end; the pointer holds until the next one is added. */
struct message *chat_add(struct chat *chat, enum role role);
struct block *message_add(struct arena *arena, struct message *message, enum block_kind kind);
struct block *message_add_text(struct arena *arena, struct message *message, struct str text);

/*
 * Adds the assistant's message in a form that a service accepts: names and ids of tool calls that it would refuse
 * are replaced, and an empty message gets a word. Blocks keep their places.
 */
const struct message *chat_add_reply(struct chat *chat, const struct message *reply);

/* Tokens, as the service counted them. */
struct usage {
	int64_t input; /* neither read from nor written to the cache */
	int64_t output;
	int64_t cache_read;
	int64_t cache_write; /* the part with one hour of life included */
	int64_t cache_write_hour;
};

/* Bytes of all texts that it sends, tools' descriptions included: for estimates. */
size_t chat_size(const struct chat *chat);

/*
 * Raises the limit of the answer four times, at most to `max` (0: no maximum), for a reply that
 * stopped by max_tokens.  False when it is at the maximum already.
 */
bool chat_enlarge(struct chat *chat, int64_t max) MUST_USE;

void usage_add(struct usage *sum, const struct usage *part);

enum stop_reason {
	STOP_END, /* the model was done */
	STOP_TOOL_USE,
	STOP_SEQUENCE,
	STOP_MAX_TOKENS,     /* cut: not an answer */
	STOP_CONTEXT_WINDOW, /* cut: not an answer */
	STOP_GUARDRAIL,      /* refused */
	STOP_FILTERED,       /* refused */
	STOP_MALFORMED,      /* the service says that the output is broken */
	STOP_UNKNOWN,        /* a reason that we do not know: a failure that says so */
};

const char *stop_reason_name(enum stop_reason reason);

struct price; /* model/model.h */

/* One answer.  Lives in the chat's arena. */
struct reply {
	struct message message; /* the assistant's; can be added to the chat unchanged */
	enum stop_reason stop;
	struct str stop_text; /* the service's own word */
	struct usage usage;
	bool unmetered;   /* the service reported no usage: the cost is unknown */
	struct str model; /* the id that answered */
	struct str request_id;
	int64_t latency_ms;    /* from sending to the end, waiting for permits not counted */
	int64_t first_byte_ms; /* from sending to the first byte */
	int attempts;
	feature_set
		refused; /* what the model refused of this call, or of an earlier one of the run */
	int refusals;    /* how often this call was sent again for that */
	const struct price
		*price; /* of the model that answered, when another was asked; else NULL */
};

/* All text blocks, joined; and the first tool use of that name, or NULL. */
struct str reply_text(struct arena *arena, const struct reply *reply);
const struct block *reply_tool_use(const struct reply *reply, struct str name);

#endif
