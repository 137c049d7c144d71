/* The checks of `outcrop doctor` on AWS: each ok, or wrong with the exact fix. */
#ifndef BEDROCK_DOCTOR_H
#define BEDROCK_DOCTOR_H

#include "aws/settings.h"
#include "base/doctor_check.h"
#include "base/env.h"
#include "bedrock/bedrock.h"

/* Lives in the arena of aws_doctor(). */
struct aws_checks {
	struct doctor_check *items;
	size_t len;
};

/* A model to be asked one word; `model` needs alias, id and traits. */
struct aws_doctor_model {
	struct model model;
	struct bedrock_settings settings;
	struct str end_of_life; /* "2027-04-08"; or empty */
};

/* What to check.  All borrowed. */
struct aws_doctor {
	struct http *http;
	const struct clock *clock;
	struct env *env;
	struct aws_options options;
	struct aws_doctor_model *models;
	size_t models_len;
};

/*
 * Checks inputs, identity token (when a role is to be assumed), role or credentials, account, and each
 * model with one call of a few tokens.  Continues as far as possible.  Waits.
 */
void aws_doctor(const struct aws_doctor *doctor, struct arena *arena, struct aws_checks *checks);

#endif
