/* Embeddings as Titan and Cohere answer them. */
#ifndef EMULATOR_AWS_EMBED_H
#define EMULATOR_AWS_EMBED_H

#include "aws_replies.h"

/* True when the model makes embeddings; the answer is then set. */
bool embed_answer(struct asked_model *asked);

#endif
