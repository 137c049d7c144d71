/* What the service refuses in a request to a model. */
#ifndef EMULATOR_AWS_CHECKS_H
#define EMULATOR_AWS_CHECKS_H

#include "aws_replies.h"

/* Why Converse, or Messages, does not take this body; NULL when it does. */
const char *converse_refusal(const struct value *body);
const char *messages_refusal(const struct value *body);

#endif
