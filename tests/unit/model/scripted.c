/* A model that answers from a list of outcomes. */
#include "scripted.h"

#include <check.h>

static bool scripted_ask(void *ctx, const struct chat *chat, const struct watch *watch,
			 struct reply *reply, struct error *err)
{
	struct scripted *scripted = ctx;
	size_t call = scripted->calls++;
	const struct scripted_outcome *outcome =
		&scripted->outcomes[MIN_OF(call, scripted->len - 1)];

	if (call < OUTCOMES_MAX) {
		scripted->max_tokens[call] = chat->inference.max_tokens;
		scripted->at_ms[call] = clock_ms(loop_clock(loop_current()));
	}
	if (watch && watch->sent)
		watch->sent(watch->ctx);
	if (!task_sleep(scripted->duration_ms, err))
		return false;
	if (outcome->kind != ERROR_NONE) {
		error_set(err, outcome->kind, "scripted failure %zu", call + 1);
		err->retry_after_ms = outcome->retry_after_ms;
		return false;
	}
	*reply = (struct reply){.stop = outcome->stop,
				.model = scripted->model.id,
				.message.role = ROLE_ASSISTANT,
				.usage = {.input = 100, .output = 10}};
	message_add_text(chat->arena, &reply->message,
			 str_from(outcome->text ? outcome->text : "fine"));
	return true;
}

static bool scripted_embed(void *ctx, struct arena *arena, const struct embed_request *request,
			   struct embed_reply *reply, struct error *err UNUSED)
{
	struct scripted *scripted = ctx;

	scripted->calls++;
	*reply = (struct embed_reply){.vectors = ARENA_ARRAY(arena, float, request->len * 2),
				      .len = request->len,
				      .dimensions = 2,
				      .usage = {.input = 7}};
	for (size_t i = 0; i < request->len; i++) {
		reply->vectors[2 * i] = (float)request->texts[i].len;
		reply->vectors[2 * i + 1] = 0.5F;
	}
	return true;
}

static const struct model_ops scripted_ops = {.ask = scripted_ask, .embed = scripted_embed};

void scripted_init(struct scripted *scripted, const char *id)
{
	*scripted = (struct scripted){
		.model = {.alias = str_from(id),
			  .id = str_from(id),
			  .region = STR("us-east-1"),
			  .traits.cache_tokens_min = 1024,
			  .ops = &scripted_ops,
			  .ctx = scripted,
			  .price = {.input = 1, .output = 2, .cache_read = 1, .cache_write = 1}}};
}

void scripted_add(struct scripted *scripted, struct scripted_outcome outcome)
{
	ck_assert_uint_lt(scripted->len, OUTCOMES_MAX);
	scripted->outcomes[scripted->len++] = outcome;
}

void run_virtual(task_fn *fn, void *arg)
{
	struct clock clock;

	clock_init_virtual(&clock, 1700000000000);
	OWNED(loop) struct loop *loop = loop_new(&clock);
	loop_run(loop, fn, arg);
}
