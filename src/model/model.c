/* Asking a model through its seam, and what its tokens cost. */
#include "model/model.h"

/* A cache entry of one hour costs twice the input price, one of five minutes 1.25 times. */
static const double hour_factor = 2.0 / 1.25;

/* Adds `tokens` at `usd` per million to `sum`; false when that price is needed but unknown. */
static bool add_cost(double *sum, int64_t tokens, double usd)
{
	if (tokens <= 0)
		return true;
	if (usd < 0)
		return false;
	*sum += (double)tokens * usd / 1e6;
	return true;
}

double price_cost(const struct price *price, const struct usage *usage)
{
	double sum = 0;
	int64_t hour = usage->cache_write_hour;
	double hour_price = price->cache_write < 0 ? -1 : price->cache_write * hour_factor;

	if (!add_cost(&sum, usage->input, price->input) ||
	    !add_cost(&sum, usage->output, price->output) ||
	    !add_cost(&sum, usage->cache_read, price->cache_read) ||
	    !add_cost(&sum, usage->cache_write - hour, price->cache_write) ||
	    !add_cost(&sum, hour, hour_price))
		return -1;
	return sum;
}

static double dearer(double a, double b)
{
	return a < 0 || b < 0 ? -1 : MAX_OF(a, b);
}

void price_raise(struct price *max, const struct price *other)
{
	max->input = dearer(max->input, other->input);
	max->output = dearer(max->output, other->output);
	max->cache_read = dearer(max->cache_read, other->cache_read);
	max->cache_write = dearer(max->cache_write, other->cache_write);
}

bool price_known(const struct price *price)
{
	return price->input >= 0 && price->output >= 0;
}

bool model_ask(const struct model *model, const struct chat *chat, const struct watch *watch,
	       struct reply *reply, struct error *err)
{
	return model->ops->ask(model->ctx, chat, watch, reply, err);
}

bool model_ask_whole(const struct model *model, struct chat *chat, const struct watch *watch,
		     struct reply *reply, struct error *err)
{
	struct reply cut = {0};

	if (!model_ask(model, chat, watch, &cut, err))
		return false;
	if (cut.stop != STOP_MAX_TOKENS) {
		*reply = cut;
		return true;
	}
	struct reply whole = {0};
	if (!chat_enlarge(chat, model->traits.output_tokens_max))
		return error_set(err, ERROR_MODEL,
				 "the answer is cut at %lld tokens: raise max_tokens",
				 (long long)chat->inference.max_tokens);
	if (!model_ask(model, chat, watch, &whole, err))
		return false;
	if (whole.stop == STOP_MAX_TOKENS)
		return error_set(
			err, ERROR_MODEL,
			"the answer is cut at %lld tokens, after a first try with less: raise max_tokens",
			(long long)chat->inference.max_tokens);
	usage_add(&whole.usage, &cut.usage);
	whole.attempts += cut.attempts;
	*reply = whole;
	return true;
}

bool model_embed(const struct model *model, struct arena *arena,
		 const struct embed_request *request, struct embed_reply *reply, struct error *err)
{
	if (!model->ops->embed)
		return error_set(err, ERROR_CONFIG,
				 "embed with model \"%.*s\": it makes no embeddings",
				 STR_ARG(model->alias));
	return model->ops->embed(model->ctx, arena, request, reply, err);
}

bool model_count(const struct model *model, const struct chat *chat, int64_t *tokens,
		 bool *estimated, struct error *err)
{
	if (!model->ops->count)
		return error_set(err, ERROR_CONFIG,
				 "count tokens with model \"%.*s\": it cannot count",
				 STR_ARG(model->alias));
	return model->ops->count(model->ctx, chat, tokens, estimated, err);
}
