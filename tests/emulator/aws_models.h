/* What one model refuses, whether it thinks unasked, and how many tokens its tokenizer makes. */
#ifndef EMULATOR_AWS_MODELS_H
#define EMULATOR_AWS_MODELS_H

#include "aws_rules.h"

/*
 * Why the model refuses this request, or false: by the rules of its family, which its id shows unless the
 * scenario's "models" names another, and by those that the scenario adds.
 */
bool model_refuses(struct asked_model *asked, const struct aws_model_refusal **refusal);

/* "2027-04-08": the day on which the scenario lets the model retire; or empty. */
struct str model_end_of_life(const struct asked_model *asked);

/* 100: a token for four bytes. */
int64_t model_tokens_percent(const struct asked_model *asked);

/* Whether replies begin with a thought; such a model checks who signed the thoughts of a history. */
bool model_thinks(const struct asked_model *asked);

/* What it signs its thoughts with. */
struct str model_signature(const struct asked_model *asked);

/* A rule or family of the scenario's "models" that is not known, or NULL. */
const struct value *models_unknown(const struct value *list);

#endif
