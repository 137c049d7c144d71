/* What the emulated AWS remembers: tokens, sessions, prefixes, buckets, calls. */
#ifndef EMULATOR_AWS_STATE_H
#define EMULATOR_AWS_STATE_H

#include "aws.h"
#include "base/random.h"

enum { CREDENTIALS_MAX = 10000, TOKENS_MAX = 10000, PREFIXES_MAX = 20000, BUCKETS_MAX = 1000 };

/* One key pair; those of a role have a token and end. */
struct key_pair {
	struct str id, secret, token; /* token empty: long-lived */
	struct str arn;
	int64_t expires_ms; /* 0: never */
};

/* One identity token of GitHub that was given out. */
struct identity_token {
	struct str text;
	int64_t expires_ms;
	bool is_used;
};

/* One prefix in the prompt cache. */
struct prefix {
	struct str digest;
	int64_t ready_ms, expires_ms;
};

/* What a call gives back of its tokens when it has ended. */
struct settlement {
	int64_t due_ms;
	double tokens;
};

/* How many requests and tokens a model may still take. */
struct bucket {
	struct str model;
	double left, tokens;
	int64_t at_ms;
	struct {
		VEC_FIELDS(struct settlement);
	} settlements;
};

/* All strings are in the arena. */
struct aws_state {
	struct emulator *emulator;
	struct arena arena;
	struct random random;
	struct {
		VEC_FIELDS(struct key_pair);
	} keys;
	struct {
		VEC_FIELDS(struct identity_token);
	} tokens;
	struct {
		VEC_FIELDS(struct prefix);
	} prefixes;
	struct {
		VEC_FIELDS(struct bucket);
	} buckets;
	int64_t *reply_calls; /* for each entry of "replies": calls that matched it so far */
	uint64_t tool_uses;
};

/* Makes credentials of a role for `seconds`; the entry lives until the next call. */
const struct key_pair *aws_issue(struct aws_state *state, struct str arn, int64_t now_ms,
				 int64_t seconds);

const struct key_pair *aws_find_key(const struct aws_state *state, struct str id);

/* `count` random hex digits, in the state's arena. */
struct str aws_random_id(struct aws_state *state, const char *before, size_t count);

/* {"message": ...} with x-amzn-errortype and a request id, as Bedrock reports errors. */
void aws_refuse(struct aws_state *state, struct request *request, struct answer *answer, int status,
		const char *code, struct str message);

/* Puts an x-amzn-requestid on the answer. */
void aws_request_id(struct aws_state *state, struct answer *answer);

/* Answers "html-200" with the page of a captive network.  False when the fault is another. */
bool aws_fault_page(struct answer *answer, const struct value *fault);

/*
 * Answers a fault of the scenario that is a refusal ("throttling", "server-error"...); the
 * row may name `status`, `code`, `message` and `retry_after`.  False when the fault is of another kind.
 */
bool aws_fault_answer(struct aws_state *state, struct request *request, struct answer *answer,
		      const struct value *fault);

/* The message of the fault of that name; NULL when that fault does not refuse. */
struct aws_refusal {
	struct str name;
	int status;
	const char *code, *message;
};
const struct aws_refusal *aws_refusal_find(struct str name);

#endif
