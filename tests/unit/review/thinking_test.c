/* Tests of how models think by default. */
#include "review/thinking.h"

#include "unit.h"

static const struct agent plain = {.inference = {.temperature = -1, .top_p = -1}};
static const struct review_options medium = {.effort = STR_INIT("medium")};

static struct model model_with(enum thinking_kind thinking, enum effort_way effort)
{
	struct model model = {
		.traits = {.thinking = thinking, .effort = effort, .output_tokens_max = 64000},
		.inference = {.temperature = -1, .top_p = -1, .top_k = -1}};

	model.inference.max_tokens = model_max_tokens_default(&model.traits);
	return model;
}

TEST(a_model_that_decides_by_itself_thinks_with_medium_effort_and_has_room)
{
	struct model model = model_with(THINKING_ADAPTIVE, EFFORT_OUTPUT_CONFIG);
	struct model copy;

	ck_assert(thinking_by_default(&medium, &plain, &model, &copy));
	ck_assert_int_eq(copy.inference.thinking, THINKING_ADAPTIVE);
	ck_assert_str_is(copy.inference.effort, STR("medium"));
	ck_assert_int_gt(copy.inference.max_tokens, model.inference.max_tokens);
	ck_assert(thinks(&copy) && !thinks(&model));
}

TEST(a_model_with_a_budget_gets_one_that_is_smaller_for_a_trivial_change)
{
	static const struct review_options low = {.effort = STR_INIT("low")};
	struct model model = model_with(THINKING_BUDGET, EFFORT_NONE);
	struct model copy;

	ck_assert(thinking_by_default(&medium, &plain, &model, &copy));
	ck_assert_int_eq(copy.inference.thinking_budget, 4096);
	ck_assert_int_eq(copy.inference.max_tokens, model.inference.max_tokens + 4096);
	ck_assert(thinking_by_default(&low, &plain, &model, &copy));
	ck_assert_int_eq(copy.inference.thinking_budget, 1024);
}

TEST(an_effort_alone_is_set_where_a_model_thinks_unasked)
{
	struct model model = model_with(THINKING_OFF, EFFORT_REASONING);
	struct model copy;

	model.traits.thinks = THINKS_BY_DEFAULT;
	ck_assert(thinking_by_default(&medium, &plain, &model, &copy));
	ck_assert_int_eq(copy.inference.thinking, THINKING_OFF);
	ck_assert_str_is(copy.inference.effort, STR("medium"));
}

TEST(what_is_configured_stays)
{
	struct model model = model_with(THINKING_ADAPTIVE, EFFORT_OUTPUT_CONFIG);
	struct agent sampled = plain;
	struct model copy;

	sampled.inference.temperature = 0.2;
	ck_assert(!thinking_by_default(&medium, &sampled, &model, &copy));
	model.inference.effort = STR("high");
	ck_assert(thinking_by_default(&medium, &plain, &model, &copy));
	ck_assert_str_is(copy.inference.effort, STR("high"));
	model.inference.thinking = THINKING_DISABLED;
	ck_assert(!thinking_by_default(&medium, &plain, &model, &copy));
	model.inference.thinking = THINKING_OFF;
	model.inference.top_k = 5;
	ck_assert(!thinking_by_default(&medium, &plain, &model, &copy));
}

TEST(a_budget_needs_room_for_an_answer)
{
	struct model model = model_with(THINKING_BUDGET, EFFORT_NONE);
	struct agent narrow = plain;
	struct model copy;

	narrow.inference.max_tokens = 5000;
	ck_assert(!thinking_by_default(&medium, &narrow, &model, &copy));
	model.inference.max_tokens = 5000;
	ck_assert(!thinking_by_default(&medium, &plain, &model, &copy));
}

TEST(without_an_effort_or_a_way_to_think_nothing_changes)
{
	struct model model = model_with(THINKING_OFF, EFFORT_NONE);
	const struct review_options none = {0};
	struct model copy;

	ck_assert(!thinking_by_default(&medium, &plain, &model, &copy));
	model = model_with(THINKING_ADAPTIVE, EFFORT_OUTPUT_CONFIG);
	ck_assert(!thinking_by_default(&none, &plain, &model, &copy));
}
