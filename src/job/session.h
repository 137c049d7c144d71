/* What every review needs before its first call: configuration, agents, credentials, models. */
#ifndef JOB_SESSION_H
#define JOB_SESSION_H

#include "agent/load.h"
#include "job/models.h"
#include "job/runtime.h"
#include "review/review.h"
#include "value/problems.h"

/* What a person chose, by inputs or options.  Empty, and below zero, mean "not given". */
struct session_choices {
	struct aws_options aws;
	struct str config; /* path, or OWNER/REPO/PATH@REF */
	struct strings agents;
	struct str model;
	int64_t max_concurrency;
	int64_t max_calls;
	double max_cost_usd;
	int64_t timeout_ms; /* 0: none */
	struct str min_severity;
	struct str language;
	struct strings include, exclude;
	struct str run_id;
	struct str record_dir, replay_dir;
	int shard, shards;
};

/* Where files of this and of other repositories come from.  All borrowed. */
struct session_sources {
	const struct source *base; /* NULL: there is none */
	source_open *open;         /* NULL: other repositories cannot be read */
	void *open_ctx;
};

/*
 * Life cycle: session_load() -> session_connect() -> review_run()... -> session_release().  Zeroed it is
 * empty.
 */
struct session {
	struct runtime *run;
	const struct session_choices *choices;
	struct arena arena;
	struct problems problems;
	struct model_table table;
	struct config config;
	struct str config_text; /* for the key of what reviewed a file */
	struct agents agents;
	struct aws_session *aws;
	struct models models;
	struct review_options options;
	struct str default_model;
};

/*
 * Reads configuration and agents and settles every option (agent file, choice, configuration's
 * defaults, built in, in this order).  Warnings are logged.  ERROR_CONFIG has the first problem; the
 * others are logged before.  May wait.
 */
bool session_load(struct session *session, struct runtime *run,
		  const struct session_choices *choices, const struct session_sources *sources,
		  struct error *err) MUST_USE;

/*
 * Signs in and makes the models of every agent, so that what is wrong with them is known before the first
 * call.  `online` false (for a plan): nothing is asked of AWS.  Waits.
 */
bool session_connect(struct session *session, bool online, struct error *err) MUST_USE;

void session_release(struct session *session);

/*
 * The model that tells findings of one meaning: the configuration's first embedder.  NULL when there is none
 * or it cannot be had, which is logged.
 */
const struct model *session_embedder(struct session *session);

/* A hash that differs whenever agents, prompts or models differ: what reviewed a file. */
struct str session_reviewers(struct session *session);

/* Logs all problems, errors and warnings, but the one that `told` begins with; it may be empty. */
void session_log_problems(struct problems *problems, struct str told);

/* The region of the run: what was chosen, else AWS_REGION, AWS_DEFAULT_REGION; may be empty. */
struct str session_region(const struct session *session);

#endif
