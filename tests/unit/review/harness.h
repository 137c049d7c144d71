/* A review against a scripted model, on a virtual clock. */
#ifndef TESTS_UNIT_REVIEW_HARNESS_H
#define TESTS_UNIT_REVIEW_HARNESS_H

#include <check.h>

#include "base/map.h"
#include "model/layers.h"
#include "review/review.h"
#include "unit.h"

struct harness;

/* Decides one call: fills the reply by the functions below, or fails. */
typedef bool answer_fn(struct harness *harness, const struct chat *chat, struct reply *reply,
		       struct error *err);

enum { HARNESS_AGENTS_MAX = 12, HARNESS_CALLS_MAX = 4000 };

/* What was seen of one call. */
struct seen_call {
	struct str agent, unit, model;
	int turn;
	int64_t sent_ms, ended_ms;
	int64_t max_tokens;
	bool cache_point;
	enum tool_choice tool_choice;
	size_t tools;
	struct usage usage;
	struct str user_text; /* of the first message */
	struct str last_text; /* of the last message, tool results included */
};

/* A model of a service with a prompt cache. */
struct scripted_model {
	struct harness *harness;
	struct model model;
};

struct harness {
	struct arena arena;
	struct clock clock;
	struct diff diff;
	struct agent agent_items[HARNESS_AGENTS_MAX];
	struct agents agents;
	struct change change;
	struct review review;
	struct review_result result;
	struct error error;
	bool ok;

	answer_fn *answer;
	void *ctx;
	struct scripted_model models[8];
	size_t models_len;
	int64_t first_byte_ms, duration_ms; /* of each call; 100 and 300 */
	struct map cache; /* prefix -> int64_t * when it became readable, in the arena */
	struct seen_call calls[HARNESS_CALLS_MAX];
	size_t calls_len;
	int in_flight, in_flight_max;
	int64_t took_ms;
	bool (*admit)(struct harness *harness,
		      struct error *err); /* false: refused immediately; or NULL */
	bool pooled; /* models are asked through a pool: retries, limits, permits */
	const struct model *wrapped[8];
	struct random random;
	int64_t cancel_at_ms; /* a signal comes; 0: none */
};

/* With one model "sonnet" that takes everything, and no agent; `diff` may be NULL. */
struct harness *harness_new(const char *diff);
void harness_free(struct harness *harness);

void harness_diff(struct harness *harness, const char *text);
/* `yaml` without the name. */
struct agent *harness_agent(struct harness *harness, const char *name, const char *yaml);
struct model *harness_model(struct harness *harness, const char *alias);

/* Runs review_run() as the first task. */
void harness_run(struct harness *harness);

/* Replies. */
bool reply_report(const struct chat *chat, struct reply *reply, const char *json);
bool reply_words(const struct chat *chat, struct reply *reply, const char *text);
bool reply_tool(const struct chat *chat, struct reply *reply, const char *name, const char *json);
/* A call with input as it was streamed, which need not be JSON. */
bool reply_raw_tool(const struct chat *chat, struct reply *reply, struct str name,
		    struct str input);
/* An empty report. */
bool answer_nothing(struct harness *harness, const struct chat *chat, struct reply *reply,
		    struct error *err);

/* A diff of `files` new files "dir/fileN.c" with `lines` lines each. */
void harness_big_diff(struct harness *harness, int files, int lines);

const struct agent_result *harness_row(const struct harness *harness, const char *agent);

#endif
