/* Estimates of a plan's units: tokens, cohorts that share a prefix, and the price. */
#include "review/estimate.h"

#include <string.h>

#include "base/tokens.h"
#include "diff/render.h"
#include "review/unit_request.h"

static bool same_prefix(const struct unit *a, const struct unit *b)
{
	return a->chunk == b->chunk && a->model == b->model && a->view.len == b->view.len &&
	       a->view.tokens == b->view.tokens &&
	       request_prefix_equal(a->agent, b->agent, a->model) &&
	       !memcmp(a->view.parts, b->view.parts, a->view.len * sizeof(*a->view.parts));
}

static bool can_cache(const struct unit *unit)
{
	int64_t least = unit->model->traits.cache_tokens_min;

	return unit->model->cache && least > 0 && unit->prefix_tokens >= least;
}

/* Numbers the cohorts. Only units of one chunk can share a prefix, and they are consecutive. */
static void form_cohorts(struct plan *plan)
{
	size_t first = 0;

	for (size_t i = 0; i < plan->units_len; i++)
		plan->units[i].cohort_len = 0;

	for (size_t i = 0; i < plan->units_len; i++) {
		struct unit *unit = &plan->units[i];
		if (unit->chunk != plan->units[first].chunk)
			first = i;
		unit->cohort = i;
		for (size_t j = first; j < i; j++) {
			if (same_prefix(&plan->units[j], unit)) {
				unit->cohort = plan->units[j].cohort;
				break;
			}
		}
		plan->units[unit->cohort].cohort_len++;
	}
	for (size_t i = 0; i < plan->units_len; i++) {
		struct unit *unit = &plan->units[i];
		unit->cohort_len = plan->units[unit->cohort].cohort_len;
		unit->follows = unit->cohort_len > 1 && can_cache(unit) &&
				unit->prefix_tokens >= CACHE_WAIT_TOKENS_MIN;
		/* Writing to the cache costs more than sending, so it is done only if a later call reads it. */
		unit->cached = can_cache(unit) && (unit->follows || unit->agent->tools.len);
	}
}

/* The cost of the unit if everything goes as planned: the leader writes the prefix, the others read it. */
static double unit_cost(const struct unit *unit, bool leads)
{
	struct usage usage = {.input = unit->input_tokens, .output = unit->output_tokens};

	if (unit->cached) {
		usage.input -= unit->prefix_tokens;
		usage.cache_write = leads ? unit->prefix_tokens : 0;
		usage.cache_read = leads ? 0 : unit->prefix_tokens;
	}
	return price_cost(&unit->model->price, &usage);
}

static void add_up(struct plan *plan)
{
	plan->input_tokens = plan->output_tokens = 0;
	plan->cost_usd = 0;
	for (size_t i = 0; i < plan->units_len; i++) {
		struct unit *unit = &plan->units[i];
		unit->cost_usd = unit_cost(unit, unit->cohort == i || !unit->follows);
		plan->input_tokens += unit->input_tokens;
		plan->output_tokens += unit->output_tokens;
		if (unit->cost_usd < 0)
			plan->cost_usd = -1;
		else if (plan->cost_usd >= 0)
			plan->cost_usd += unit->cost_usd;
	}
}

static void estimate(struct plan *plan, const struct review *review)
{
	int64_t listed = request_list_tokens(review->change);
	int64_t *fixed = ARENA_ARRAY(&plan->arena, int64_t, plan->rows_len + 1);

	for (size_t i = 0; i < plan->rows_len; i++)
		fixed[i] = request_fixed_tokens(&review->agents->items[plan->rows[i].agent],
						plan->rows[i].model, plan->refereed);

	for (size_t i = 0; i < plan->units_len; i++) {
		struct unit *unit = &plan->units[i];
		int64_t shown = (int64_t)(unit->view.tokens +
					  around_tokens(unit->around, plan->diff, &unit->view));
		int64_t prefix = fixed[unit->row] + listed + shown;
		int64_t own = request_own_tokens(unit->agent, review->change) +
			      (int64_t)tokens_estimate(unit->guidance);
		const struct model_traits *traits = &unit->model->traits;

		unit->prefix_tokens = model_tokens(traits, prefix * BYTES_PER_TOKEN);
		unit->input_tokens = model_tokens(traits, (prefix + own) * BYTES_PER_TOKEN);
		unit->output_tokens = ANSWER_TOKENS_ESTIMATE;
	}
}

void plan_estimate(struct plan *plan, const struct review *review)
{
	estimate(plan, review);
	form_cohorts(plan);
	add_up(plan);
}

double plan_call_cost_max(const struct model *model, int64_t input_tokens, int64_t max_tokens)
{
	struct price price = model->price;

	price_raise(&price, &model->price_max);
	return price_worst(&price, input_tokens, max_tokens);
}
