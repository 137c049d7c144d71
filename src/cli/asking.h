/* One model for the commands that ask one: configuration, credentials, the model. */
#ifndef CLI_ASKING_H
#define CLI_ASKING_H

#include "cli/models.h"
#include "cli/run.h"

/* Options that these commands have in common. */
struct asking_options {
	struct str config, model, region, profile;
	bool allow_http, debug;
};

/* Rows for their option tables; `type` is the structure whose member `common` they fill. */
#define ASKING_OPTION_ALLOW_HTTP(type)                                                             \
	{"allow-http", OPTION_FLAG, offsetof(type, common.allow_http), NULL,                       \
	 "Speak plain http to any host."}
#define ASKING_OPTION_CONFIG(type)                                                                 \
	{"config", OPTION_TEXT, offsetof(type, common.config), "FILE",                             \
	 "Configuration with a table of models. Default: .github/outcrop.yml, if "                 \
	 "there."}
#define ASKING_OPTION_DEBUG(type)                                                                  \
	{"debug", OPTION_FLAG, offsetof(type, common.debug), NULL, "Say what happens underneath."}
#define ASKING_OPTION_PROFILE(type)                                                                \
	{"profile", OPTION_TEXT, offsetof(type, common.profile), "NAME",                           \
	 "AWS profile. Default: AWS_PROFILE."}
#define ASKING_OPTION_REGION(type)                                                                 \
	{"region", OPTION_TEXT, offsetof(type, common.region), "REGION",                           \
	 "AWS region. Default: AWS_REGION."}

/* Zeroed it is empty. */
struct asking {
	struct run *run;
	struct arena arena;
	struct model_table table;
	struct config config;
	struct aws_session *aws;
	struct models models;
	const struct model *model;
};

struct asking_wish {
	const struct asking_options *options;
	struct str model; /* used when no model is named; an embedder's with `embedder` */
	bool embedder;
	const enum model_api *api; /* NULL: as configured */
};

/*
 * Reads the configuration, signs in and makes the model.  ERROR_CONFIG, ERROR_USAGE and
 * ERROR_CREDENTIALS as the parts say.  Waits.
 */
bool asking_open(struct asking *asking, struct run *run, const struct asking_wish *wish,
		 struct error *err) MUST_USE;

void asking_release(struct asking *asking);

/* A chat of the model's own defaults, in the asking's arena, with its origin filled. */
struct chat asking_chat(struct asking *asking);

/* All of a file, or of stdin for "-" and "", as text in the arena; ERROR_USAGE names `what`. */
bool asking_read(struct arena *arena, struct str path, const char *what, struct str *text,
		 struct error *err) MUST_USE;

#endif
