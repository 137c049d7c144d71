/* What a model may refuse, as rules that a scenario names. */
#ifndef EMULATOR_AWS_RULES_H
#define EMULATOR_AWS_RULES_H

#include "aws_replies.h"

#define INVALID 400, "ValidationException"

struct aws_model_refusal {
	int status;
	const char *code, *message;
};

struct rule {
	const char *name;
	bool (*uses)(const struct asked_model *asked); /* whether the request has what is refused */
	struct aws_model_refusal refusal;
};

/* The rule of that name, or NULL. */
const struct rule *rule_find(struct str name);

#endif
