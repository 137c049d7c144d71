/* Bedrock's operations besides conversations, each in a separate file (embed.c, count.c). */
#ifndef BEDROCK_OPERATIONS_H
#define BEDROCK_OPERATIONS_H

#include "model/model.h"

/* The members of bedrock_ops besides ask; `ctx` is a struct bedrock. */
bool bedrock_embed(void *ctx, struct arena *arena, const struct embed_request *request,
		   struct embed_reply *reply, struct error *err);
bool bedrock_count(void *ctx, const struct chat *chat, int64_t *tokens, bool *estimated,
		   struct error *err);

#endif
