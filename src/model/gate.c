/* The limiter first, then a permit, then the attempt; its outcome teaches the limiter. */
#include "model/gate.h"

#include "base/log.h"
#include "base/tokens.h"

void gate_init(struct gate *gate, struct loop *loop, int64_t requests_per_minute,
	       int64_t tokens_per_minute)
{
	*gate = (struct gate){.loop = loop};
	limiter_init(&gate->limiter, requests_per_minute, tokens_per_minute);
	permits_init(&gate->turn, loop, 1);
}

static int64_t now_ms(const struct gate *gate)
{
	return clock_ms(loop_clock(gate->loop));
}

int64_t gate_wait_ms(struct gate *gate)
{
	return limiter_wait_ms(&gate->limiter, now_ms(gate), 0);
}

/* The tokens that the service counts against a limit when a call starts: its input and max_tokens. */
static int64_t chat_tokens(const struct chat *chat)
{
	int64_t answer = MAX_OF(chat->inference.max_tokens, (int64_t)0);

	return (int64_t)(chat_size(chat) / BYTES_PER_TOKEN) + answer;
}

static bool sleep_for_limiter(struct gate *gate, int64_t tokens, struct error *err)
{
	for (;;) {
		int64_t wait = limiter_wait_ms(&gate->limiter, now_ms(gate), tokens);
		if (!wait)
			return true;
		if (!task_sleep(wait, err))
			return false;
	}
}

/*
 * The caller is first in line. While it waits for a permit, the limiter may lower the rate: then
 * the permit is given back.
 */
static bool enter_in_turn(const struct gated_model *model, int64_t tokens, struct error *err)
{
	struct limiter *limiter = &model->gate->limiter;

	for (;;) {
		if (!sleep_for_limiter(model->gate, tokens, err) ||
		    !permit_take(model->permits, err))
			return false;
		if (!limiter_wait_ms(limiter, now_ms(model->gate), tokens))
			break;
		permit_give(model->permits);
	}
	limiter_sent(limiter, now_ms(model->gate), tokens);
	return true;
}

/* Holds a permit when it returns true. */
static bool enter(const struct gated_model *model, int64_t tokens, struct error *err)
{
	bool entered;

	if (!permit_take(&model->gate->turn, err))
		return false;
	entered = enter_in_turn(model, tokens, err);
	permit_give(&model->gate->turn);
	return entered;
}

static void learn(struct gate *gate, bool answered, int64_t sent_ms, int64_t tokens, int64_t used,
		  const struct error *err)
{
	if (answered) {
		limiter_answered(&gate->limiter, tokens - used);
	} else if (err->kind == ERROR_THROTTLED) {
		limiter_refused(&gate->limiter, sent_ms, now_ms(gate), tokens, err->retry_after_ms);
		log_debug("model", "throttled; %.3f requests a second from now on",
			  gate->limiter.rate);
	}
}

static bool gate_ask(void *ctx, const struct chat *chat, const struct watch *watch,
		     struct reply *reply, struct error *err)
{
	struct gated_model *model = ctx;
	int64_t tokens = chat_tokens(chat);
	int64_t sent_ms, used;
	bool answered;

	if (!enter(model, tokens, err))
		return false;
	sent_ms = now_ms(model->gate);
	answered = model_ask(model->inner, chat, watch, reply, err);
	permit_give(model->permits);
	used = answered ? reply->usage.input + reply->usage.cache_write + reply->usage.output : 0;
	learn(model->gate, answered, sent_ms, tokens, used, err);
	return answered;
}

static bool gate_embed(void *ctx, struct arena *arena, const struct embed_request *request,
		       struct embed_reply *reply, struct error *err)
{
	struct gated_model *model = ctx;
	int64_t sent_ms;
	bool answered;

	if (!enter(model, 0, err))
		return false;
	sent_ms = now_ms(model->gate);
	answered = model_embed(model->inner, arena, request, reply, err);
	permit_give(model->permits);
	learn(model->gate, answered, sent_ms, 0, 0, err);
	return answered;
}

static bool gate_count(void *ctx, const struct chat *chat, int64_t *tokens, bool *estimated,
		       struct error *err)
{
	struct gated_model *model = ctx;
	bool counted;

	if (!permit_take(model->permits, err))
		return false;
	counted = model_count(model->inner, chat, tokens, estimated, err);
	permit_give(model->permits);
	return counted;
}

const struct model_ops gate_ops = {.ask = gate_ask, .embed = gate_embed, .count = gate_count};
