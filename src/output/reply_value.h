/* A model's reply as JSON, for programs. */
#ifndef OUTPUT_REPLY_VALUE_H
#define OUTPUT_REPLY_VALUE_H

#include "model/chat.h"
#include "model/model.h"

/*
 * Text, tool calls, why it stopped, usage and cost (null when the price is unknown).  `model` is the one
 * that was asked: its price counts where the reply has none.
 */
struct value *reply_value(struct arena *arena, const struct reply *reply,
			  const struct model *model);

#endif
