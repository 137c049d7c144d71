/* What `outcrop doctor` looks at on the side of AWS: each thing ok, or wrong with the exact fix. */
#ifndef BEDROCK_DOCTOR_H
#define BEDROCK_DOCTOR_H

#include "aws/options.h"
#include "base/env.h"
#include "bedrock/bedrock.h"

enum aws_check_state {
	AWS_CHECK_OK,
	AWS_CHECK_WRONG,
	AWS_CHECK_NOT_REACHED, /* something before it is wrong */
};

/* One thing that was looked at.  Lives in the arena of aws_doctor(). */
struct aws_check {
	struct str name; /* "identity token", "role", "account", "model sonnet" */
	enum aws_check_state state;
	struct str text; /* one line: what was found, or what is wrong */
	struct str fix;  /* what to do: a few lines, perhaps a policy to paste; or empty */
};

struct aws_checks {
	struct aws_check *items;
	size_t len;
};

/* A model to be asked one word; `model` needs alias, id and traits. */
struct aws_doctor_model {
	struct model model;
	struct bedrock_settings settings;
};

/* What is to be looked at. All is borrowed. */
struct aws_doctor {
	struct http *http;
	const struct clock *clock;
	struct env *env;
	struct aws_options options;
	struct aws_doctor_model *models;
	size_t models_len;
};

/*
 * Looks at inputs, identity token (when a role is to be assumed), role or credentials, account, and each
 * model with one call of a few tokens.  Goes on as far as it can.  Waits.
 */
void aws_doctor(const struct aws_doctor *doctor, struct arena *arena, struct aws_checks *checks);

#endif
