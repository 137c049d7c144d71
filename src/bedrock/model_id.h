/* Reads a model's identifier: whether it is a profile, and its base model. */
#ifndef BEDROCK_MODEL_ID_H
#define BEDROCK_MODEL_ID_H

#include "base/common.h"
#include "base/str.h"

/* "us.anthropic.x" and the ARN of that profile are profiles of "anthropic.x"; others are themselves. */
struct str model_id_base(struct str id);

/* True for the id of a system-defined inference profile ("eu.", "global." ...). */
bool model_id_is_profile(struct str id);

#endif
