/* One model for the commands that ask one: configuration, credentials, the model. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "job/models.h"
#include "job/runtime.h"

/* Options that these commands have in common. */
struct ask_options {
	struct str config, model, region, profile;
	bool allow_http, debug;
};

/* Rows for their option tables; `type` is the structure whose member `common` they fill. */
#define ASK_OPTION_ALLOW_HTTP(type)                                                                \
	{"allow-http", OPTION_FLAG, offsetof(type, common.allow_http), NULL,                       \
	 "Speak plain http to any host."}
#define ASK_OPTION_CONFIG(type)                                                                    \
	{"config", OPTION_TEXT, offsetof(type, common.config), "FILE",                             \
	 "Configuration with a table of models. Default: .github/outcrop.yml, if "                 \
	 "there."}
#define ASK_OPTION_DEBUG(type)                                                                     \
	{"debug", OPTION_FLAG, offsetof(type, common.debug), NULL, "Say what happens underneath."}
#define ASK_OPTION_PROFILE(type)                                                                   \
	{"profile", OPTION_TEXT, offsetof(type, common.profile), "NAME",                           \
	 "AWS profile. Default: AWS_PROFILE."}
#define ASK_OPTION_REGION(type)                                                                    \
	{"region", OPTION_TEXT, offsetof(type, common.region), "REGION",                           \
	 "AWS region. Default: AWS_REGION."}

/* Zeroed it is empty. */
struct ask {
	struct runtime *run;
	struct arena arena;
	struct model_table table;
	struct config config;
	struct aws_session *aws;
	struct models models;
	const struct model *model;
};

struct ask_wish {
	const struct ask_options *options;
	struct str model; /* used when no model is named; an embedder's with `embedder` */
	bool embedder;
	const enum model_api *api; /* NULL: as configured */
};

/*
 * Reads the configuration, signs in and makes the model.  ERROR_CONFIG, ERROR_USAGE and
 * ERROR_CREDENTIALS as the parts say.  Waits.
 */
bool ask_open(struct ask *ask, struct runtime *run, const struct ask_wish *wish,
	      struct error *err) MUST_USE;

void ask_release(struct ask *ask);

/* A chat of the model's own defaults, in the ask's arena, with its origin filled. */
struct chat ask_chat(struct ask *ask);

/* All of a file, or of stdin for "-" and "", as text in the arena; ERROR_USAGE names `what`. */
bool ask_read(struct arena *arena, struct str path, const char *what, struct str *text,
	      struct error *err) MUST_USE;

#endif
