/* Thinking of models without a configured setting: on, if the model supports it. */
#include "review/thinking.h"

enum { ANSWER_TOKENS_MIN = 2048 }; /* tokens that a budget must leave for the answer */

static bool is_sampled(const struct agent *agent, const struct inference *inference)
{
	return inference->temperature >= 0 || inference->top_p >= 0 || inference->top_k >= 0 ||
	       agent->inference.temperature >= 0 || agent->inference.top_p >= 0;
}

static int64_t budget_for(struct str effort)
{
	return str_eq(effort, STR("low")) ? THINKING_BUDGET_TOKENS / 4 : THINKING_BUDGET_TOKENS;
}

/* Gives the model a budget, with room for it; false if the agent or the entry leaves no room. */
static bool give_budget(const struct agent *agent, int64_t budget, struct model *copy)
{
	struct inference *inference = &copy->inference;
	int64_t room_max = copy->traits.output_tokens_max;

	if (inference->max_tokens == model_max_tokens_default(&copy->traits))
		inference->max_tokens += budget;
	if (room_max > 0)
		inference->max_tokens = MIN_OF(inference->max_tokens, room_max);
	inference->thinking = THINKING_BUDGET;
	inference->thinking_budget = budget;
	return inference->max_tokens >= budget + ANSWER_TOKENS_MIN &&
	       (agent->inference.max_tokens <= 0 ||
		agent->inference.max_tokens >= budget + ANSWER_TOKENS_MIN);
}

/* If the model decides how much to think, its thinking counts as output and needs room. */
static void give_room(struct model *copy)
{
	bool by_default = copy->inference.max_tokens == model_max_tokens_default(&copy->traits);

	copy->inference.thinking = THINKING_ADAPTIVE;
	copy->traits.thinks = MAX_OF(copy->traits.thinks, THINKS_BY_DEFAULT);
	if (by_default)
		copy->inference.max_tokens = model_max_tokens_default(&copy->traits);
	if (copy->traits.output_tokens_max > 0)
		copy->inference.max_tokens =
			MIN_OF(copy->inference.max_tokens, copy->traits.output_tokens_max);
}

bool thinking_by_default(const struct review_options *options, const struct agent *agent,
			 const struct model *model, struct model *copy)
{
	const struct model_traits *traits = &model->traits;

	if (!options->effort.len || model->inference.thinking != THINKING_OFF ||
	    is_sampled(agent, &model->inference))
		return false;
	*copy = *model;
	if (!copy->inference.effort.len && traits->effort != EFFORT_NONE)
		copy->inference.effort = options->effort;
	if (traits->thinking == THINKING_BUDGET)
		return give_budget(agent, budget_for(options->effort), copy);
	if (traits->thinking == THINKING_ADAPTIVE)
		give_room(copy);
	else if (traits->effort == EFFORT_NONE || traits->thinks == THINKS_ON_REQUEST)
		return false;
	return true;
}

bool thinks(const struct model *model)
{
	enum thinking_kind thinking = model->inference.thinking;

	if (thinking == THINKING_DISABLED)
		return model->traits.thinks == THINKS_ALWAYS;
	return thinking != THINKING_OFF || model->traits.thinks != THINKS_ON_REQUEST;
}
