/* Prepares a review: configuration, agents, credentials, models. */
#ifndef JOB_SETUP_H
#define JOB_SETUP_H

#include "agent/load.h"
#include "job/model_set.h"
#include "job/runtime.h"
#include "job/settle.h"
#include "review/review.h"
#include "value/problems.h"

/* Where files of this and of other repositories come from.  All borrowed. */
struct session_sources {
	const struct source *base; /* NULL: none */
	source_open *open;         /* NULL: other repositories cannot be read */
	void *open_ctx;
};

/*
 * Life cycle: session_load() -> session_connect() -> review_run()... -> session_release().  Zeroed it is
 * empty.
 */
struct session {
	struct runtime *runtime;
	const struct job_choices *choices;
	struct arena arena;
	struct problems problems;
	struct model_table table;
	struct config config;
	struct str config_text; /* for the key of what reviewed a file */
	struct agents agents;
	struct aws_session *aws;
	struct models models;
	struct settled settled;
};

/*
 * Reads configuration and agents and settles every option.  Warnings are logged.  ERROR_CONFIG has the
 * first problem; the others are logged before.  May wait.
 */
bool session_load(struct session *session, struct runtime *runtime,
		  const struct job_choices *choices, const struct session_sources *sources,
		  struct error *err) MUST_USE;

/*
 * Replaces agents and model by those of the tier, as far as it has any and nobody chose others.
 * May wait.
 */
bool session_take_tier(struct session *session, const struct session_sources *sources,
		       const struct tier *tier, struct error *err) MUST_USE;

/*
 * Checks the names of all models, signs in and makes the models, so that what is wrong with them is known
 * before the first call.  `online` false (for a plan): AWS is not called.  Waits.
 */
bool session_connect(struct session *session, bool online, struct error *err) MUST_USE;

void session_release(struct session *session);

/*
 * The embedder that merges findings by meaning: the configuration's first one.  NULL without one, or when it is
 * not available, which is logged.
 */
const struct model *session_embedder(struct session *session);

/* A hash that differs whenever agents, prompts or models differ: what reviewed a file. */
struct str session_reviewers(struct session *session);

/* Logs all problems, errors and warnings, except the one at the start of `told`, which may be empty. */
void session_log_problems(struct problems *problems, struct str told);

/* The region of the run: what was chosen, else the environment's, else the profile's; may be empty. */
struct str session_region(const struct session *session);

#endif
