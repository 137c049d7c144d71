/* Writes one JSON file per exchange. */
#include "model/record.h"

#include "base/file.h"
#include "model/exchange.h"
#include "value/json.h"

static bool write_exchange(const struct recorded_model *recorded, struct arena *arena,
			   struct value *request, struct value *reply,
			   const struct chat_origin *origin, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct value *tree = value_object(arena);
	struct str name = exchange_name(arena, origin, request);

	value_set(arena, tree, "request", request);
	value_set(arena, tree, "reply", reply);
	json_write(&text, tree, JSON_PRETTY);
	buf_add_char(&text, '\n');
	if (!file_write_below(recorded->dir, name.ptr, buf_str(&text), err))
		return error_wrap(err, "record into \"%s\"", recorded->dir);
	return true;
}

static bool record_ask(void *ctx, const struct chat *chat, const struct watch *watch,
		       struct reply *reply, struct error *err)
{
	const struct recorded_model *recorded = ctx;
	SCOPED(arena) struct arena arena = ARENA_INIT;

	if (!model_ask(recorded->inner, chat, watch, reply, err))
		return false;
	return write_exchange(recorded, &arena, exchange_request(&arena, recorded->inner, chat),
			      exchange_reply(&arena, reply), &chat->origin, err);
}

static bool record_embed(void *ctx, struct arena *arena, const struct embed_request *request,
			 struct embed_reply *reply, struct error *err)
{
	const struct recorded_model *recorded = ctx;
	SCOPED(arena) struct arena own = ARENA_INIT;

	if (!model_embed(recorded->inner, arena, request, reply, err))
		return false;
	return write_exchange(recorded, &own,
			      exchange_embed_request(&own, recorded->inner, request),
			      exchange_embed_reply(&own, reply), &request->origin, err);
}

static bool record_count(void *ctx, const struct chat *chat, int64_t *tokens, bool *estimated,
			 struct error *err)
{
	const struct recorded_model *recorded = ctx;

	return model_count(recorded->inner, chat, tokens, estimated, err);
}

const struct model_ops record_ops = {
	.ask = record_ask, .embed = record_embed, .count = record_count};
