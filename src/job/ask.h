/* Opens one model for commands that ask one: configuration, credentials, model. */
#ifndef JOB_ASK_H
#define JOB_ASK_H

#include "job/model_set.h"
#include "job/runtime.h"

/* All borrowed; empty texts: not given. */
struct ask_request {
	struct str config; /* a file; by default .github/outcrop.yml, if there is one */
	struct str model, region, profile;
	struct str
		fallback; /* the default model if neither `model` nor the configuration names one */
	bool embedder;    /* the model is an embedder */
	const enum model_api *api; /* NULL: as configured */
	const char *record_dir;    /* keep the exchanges; NULL: do not */
	const char *replay_dir;    /* answer from kept exchanges, without sign-in; NULL: do not */
};

/* Zeroed it is empty. */
struct ask {
	struct runtime *runtime;
	struct arena arena;
	struct model_table table;
	struct config config;
	struct aws_session *aws;
	struct models models;
	const struct model *model;
};

/*
 * Reads the configuration, checks the model's name, signs in and makes the model.  ERROR_CONFIG,
 * ERROR_USAGE and ERROR_CREDENTIALS as the parts say.  Waits.
 */
bool ask_open(struct ask *ask, struct runtime *runtime, const struct ask_request *request,
	      struct error *err) MUST_USE;

void ask_release(struct ask *ask);

/*
 * The exit status of a reply; logs the reason.  A reply that is truncated, filtered, or does not match `schema`
 * (which may be NULL) is incomplete, but can be printed.
 */
enum exit_status ask_status(struct ask *ask, const struct reply *reply, const struct value *schema);

/* A chat of the model's own defaults, in the arena, with its origin filled. */
struct chat ask_chat(struct ask *ask);

#endif
