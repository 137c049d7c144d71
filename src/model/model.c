/* Calls a model through its interface, and computes the cost of its tokens. */
#include "model/model.h"

#include "base/tokens.h"

/* If the price of an entry of one hour is unknown: twice the input price, not 1.25 times. */
static const double hour_factor = 2.0 / 1.25;

const char *const model_api_names[] = {
	[MODEL_API_CONVERSE] = "converse", [MODEL_API_MESSAGES] = "messages", NULL};

int64_t model_tokens(const struct model_traits *traits, int64_t bytes)
{
	int64_t percent = traits->tokens_percent > 0 ? traits->tokens_percent : 100;

	return (bytes * percent + 100 * BYTES_PER_TOKEN - 1) / (100 * BYTES_PER_TOKEN);
}

enum { MAX_TOKENS_DEFAULT = 4000, MAX_TOKENS_THINKING = 16000 };

int64_t model_max_tokens_default(const struct model_traits *traits)
{
	return traits->thinks == THINKS_ON_REQUEST ? MAX_TOKENS_DEFAULT : MAX_TOKENS_THINKING;
}

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

static double hour_price(const struct price *price)
{
	if (price->cache_write_hour > 0)
		return price->cache_write_hour;
	return price->cache_write < 0 ? -1 : price->cache_write * hour_factor;
}

static bool is_long(const struct price *price, int64_t input_tokens)
{
	return price->long_tokens > 0 && input_tokens > price->long_tokens;
}

double price_cost(const struct price *price, const struct usage *usage)
{
	double input = 0, output = 0;
	int64_t hour = usage->cache_write_hour;

	if (!add_cost(&input, usage->input, price->input) ||
	    !add_cost(&output, usage->output, price->output) ||
	    !add_cost(&input, usage->cache_read, price->cache_read) ||
	    !add_cost(&input, usage->cache_write - hour, price->cache_write) ||
	    !add_cost(&input, hour, hour_price(price)))
		return -1;
	if (is_long(price, usage->input + usage->cache_read + usage->cache_write))
		return input * price->long_input + output * price->long_output;
	return input + output;
}

double price_worst(const struct price *price, int64_t input_tokens, int64_t output_tokens)
{
	double input, output;

	if (!price_known(price))
		return -1;
	input = (double)input_tokens * MAX_OF(price->input, price->cache_write) / 1e6;
	output = (double)output_tokens * price->output / 1e6;
	if (is_long(price, input_tokens))
		return input * price->long_input + output * price->long_output;
	return input + output;
}

static double dearer(double a, double b)
{
	return a < 0 || b < 0 ? -1 : MAX_OF(a, b);
}

void price_raise(struct price *max, const struct price *other)
{
	max->cache_write_hour = dearer(hour_price(max), hour_price(other));
	max->input = dearer(max->input, other->input);
	max->output = dearer(max->output, other->output);
	max->cache_read = dearer(max->cache_read, other->cache_read);
	max->cache_write = dearer(max->cache_write, other->cache_write);
	if (other->long_tokens <= 0)
		return;
	if (max->long_tokens <= 0 || other->long_tokens < max->long_tokens)
		max->long_tokens = other->long_tokens;
	max->long_input = MAX_OF(max->long_input, other->long_input);
	max->long_output = MAX_OF(max->long_output, other->long_output);
}

void price_scale(struct price *price, double factor)
{
	double *const prices[] = {&price->input, &price->output, &price->cache_read,
				  &price->cache_write, &price->cache_write_hour};

	for (size_t i = 0; i < ARRAY_LEN(prices); i++) {
		if (*prices[i] > 0)
			*prices[i] *= factor;
	}
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
	struct reply whole = {0};

	if (!model_ask(model, chat, watch, &cut, err))
		return false;
	if (cut.stop != STOP_MAX_TOKENS) {
		*reply = cut;
		return true;
	}
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
	whole.refusals += cut.refusals;
	*reply = whole;
	return true;
}

bool model_embed(const struct model *model, struct arena *arena,
		 const struct embed_request *request, struct embed_reply *reply, struct error *err)
{
	struct embed_request sized = *request;

	if (!model->ops->embed)
		return error_set(err, ERROR_CONFIG,
				 "embed with model \"%.*s\": it makes no embeddings",
				 STR_ARG(model->alias));
	if (!sized.dimensions)
		sized.dimensions = model->dimensions;
	return model->ops->embed(model->ctx, arena, &sized, reply, err);
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
