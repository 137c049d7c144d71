/* Tries a list of models until one answers. */
#include "model/fallback.h"

#include "base/log.h"
#include "task/task.h"

/* Errors for which another model can help. */
static bool may_help(enum error_kind kind)
{
	switch (kind) {
	case ERROR_DENIED:
	case ERROR_NOT_FOUND:
	case ERROR_THROTTLED:
	case ERROR_QUOTA:
	case ERROR_SERVER:
	case ERROR_NETWORK:
	case ERROR_TIMEOUT:
		return true;
	default:
		return false;
	}
}

static bool is_for_good(enum error_kind kind)
{
	return kind == ERROR_DENIED || kind == ERROR_NOT_FOUND;
}

/* Thoughts are bound to the model that had them: other models reject them. */
static bool is_foreign(const struct block *block, const struct model *model)
{
	return (block->kind == BLOCK_REASONING || block->kind == BLOCK_REDACTED) &&
	       block->model.len && !str_eq(block->model, model->id);
}

static bool takes(const struct model *model, const struct block *block)
{
	if (block->kind == BLOCK_CACHE_POINT)
		return model->traits.cache_tokens_min > 0;
	return !is_foreign(block, model);
}

static struct message message_for(struct arena *arena, const struct message *message,
				  const struct model *model)
{
	struct message copy = {.role = message->role};

	for (size_t i = 0; i < message->len; i++) {
		if (takes(model, &message->blocks[i]))
			*message_add(arena, &copy, BLOCK_TEXT) = message->blocks[i];
	}
	return copy;
}

/* A copy, whose messages are those that the model takes. */
static struct chat *copy_for(const struct chat *chat, const struct model *model)
{
	struct chat *copy = ARENA_NEW(chat->arena, struct chat);
	struct message *messages = ARENA_ARRAY(chat->arena, struct message, chat->len + 1);

	for (size_t i = 0; i < chat->len; i++)
		messages[i] = message_for(chat->arena, &chat->messages[i], model);
	*copy = *chat;
	copy->messages = messages;
	copy->cap = copy->len;
	return copy;
}

/*
 * The chat for a fallback: with the fallback's own sampling and thinking, and without cache
 * points that it does not support or thoughts of other models.
 */
static const struct chat *adapted(const struct chat *chat, const struct model *model)
{
	struct chat *copy = copy_for(chat, model);
	struct inference *inference = &copy->inference;

	*inference = model->inference;
	inference->stop = chat->inference.stop;
	inference->stop_len = chat->inference.stop_len;
	inference->max_tokens = chat->inference.max_tokens;
	if (model->traits.output_tokens_max > 0)
		inference->max_tokens =
			MIN_OF(inference->max_tokens, model->traits.output_tokens_max);
	if (!model->traits.cache_tokens_min)
		copy->system_cache_point = copy->tools_cache_point = false;
	return copy;
}

/* The chat of the first model, without thoughts that another model may have added in the meantime. */
static const struct chat *own_chat(const struct chat *chat, const struct model *model)
{
	for (size_t i = 0; i < chat->len; i++) {
		for (size_t j = 0; j < chat->messages[i].len; j++) {
			if (is_foreign(&chat->messages[i].blocks[j], model))
				return copy_for(chat, model);
		}
	}
	return chat;
}

static void sign_thoughts(struct reply *reply, const struct model *model)
{
	for (size_t i = 0; i < reply->message.len; i++)
		reply->message.blocks[i].model = model->id;
}

/* True if the next model should be called. */
static bool go_on(struct fallback_model *fallback, size_t idx, const struct watch *watch,
		  const struct error *err)
{
	bool helps = fallback->only_when_gone ? is_for_good(err->kind) : may_help(err->kind);

	if (!helps || group_is_cancelled(task_group()))
		return false;
	fallback->gone[idx] = is_for_good(err->kind);
	if (idx + 1 == fallback->len || (watch && watch->committed && watch->committed(watch->ctx)))
		return false;
	log_notice("model", "model \"%.*s\" cannot answer, \"%.*s\" is asked instead: %s",
		   STR_ARG(fallback->models[idx]->alias), STR_ARG(fallback->models[idx + 1]->alias),
		   err->message);
	return true;
}

static size_t first_left(const struct fallback_model *fallback)
{
	for (size_t i = 0; i < fallback->len; i++) {
		if (!fallback->gone[i])
			return i;
	}
	return 0; /* all have failed: the first error says why */
}

static bool fallback_ask(void *ctx, const struct chat *chat, const struct watch *watch,
			 struct reply *reply, struct error *err)
{
	struct fallback_model *fallback = ctx;
	struct error *first = NULL; /* of the first model; in the chat's arena */

	for (size_t i = first_left(fallback); i < fallback->len; i++) {
		const struct model *model = fallback->models[i];
		const struct chat *own = i ? adapted(chat, model) : own_chat(chat, model);

		if (model_ask(model, own, watch, reply, err)) {
			reply->price = &model->price;
			sign_thoughts(reply, model);
			return true;
		}
		if (!go_on(fallback, i, watch, err)) {
			/* A user who named one model wants to know what is wrong with it. */
			if (fallback->only_when_gone && first)
				*err = *first;
			return false;
		}
		if (!first) {
			first = ARENA_NEW(chat->arena, struct error);
			*first = *err;
		}
		*err = (struct error){0};
	}
	return error_set(err, ERROR_CONFIG, "no model to ask");
}

static bool fallback_embed(void *ctx, struct arena *arena, const struct embed_request *request,
			   struct embed_reply *reply, struct error *err)
{
	struct fallback_model *fallback = ctx;

	/* Vectors of different models cannot be compared, so there is no fallback. */
	return model_embed(fallback->models[0], arena, request, reply, err);
}

static bool fallback_count(void *ctx, const struct chat *chat, int64_t *tokens, bool *estimated,
			   struct error *err)
{
	struct fallback_model *fallback = ctx;

	return model_count(fallback->models[0], chat, tokens, estimated, err);
}

const struct model_ops fallback_ops = {
	.ask = fallback_ask, .embed = fallback_embed, .count = fallback_count};
