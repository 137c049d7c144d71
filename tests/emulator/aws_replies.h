/* What a model says to a request: the scenario's reply, and what it costs. */
#ifndef EMULATOR_AWS_REPLIES_H
#define EMULATOR_AWS_REPLIES_H

#include "aws_state.h"

/* One request to a model, in the form of either API. */
struct asked_model {
	struct aws_state *state;
	struct request *request;
	struct answer *answer;
	struct arena *arena;       /* the request's */
	struct str model;          /* decoded */
	struct str operation;      /* "converse", "converse-stream", "invoke", "invoke-stream"... */
	const struct value *body;  /* an object */
	const struct value *fault; /* NULL: none is due */
	bool messages;             /* Anthropic Messages; else Converse */
	struct str agent, unit;    /* of the metadata */
	int64_t turn;              /* 1: the model has not spoken yet */
};

struct spent {
	int64_t input, output, cache_read, cache_write;
};

struct emulated_reply {
	struct value *content; /* blocks as Converse has them */
	struct str stop;       /* as Converse says it */
	struct spent spent;
	int64_t latency_ms;     /* until the last byte */
	int64_t first_token_ms; /* until the first one */
	bool is_held;           /* all of it, until a request to /_emulator/release */
	bool is_end_held;       /* the last part of a stream */
	bool is_half;           /* the input of the last tool is cut in the middle */
	bool is_blocked; /* the guardrail of the call put its own text in place of the answer */
};

/* Sets agent, unit and turn from body and headers, and the journal's detail. */
void asked_read(struct asked_model *asked);

/* The first reply of the scenario that matches, built, counted and paid for. */
void reply_build(struct asked_model *asked, struct emulated_reply *reply);

/* Tokens of so many bytes by the model's tokenizer. */
int64_t in_tokens(const struct asked_model *asked, size_t bytes);

/* Tokens of a request as CountTokens gives them: a quarter of the bytes. */
int64_t tokens_of(const struct asked_model *asked);

/* What a request costs before the model speaks: the cache is looked up and written. */
void cache_account(struct asked_model *asked, int64_t first_token_ms, struct spent *spent);

#endif
