/* Precedence and defaults of options. */
#include "job/settle.h"

#include "unit.h"

static struct settled settle(const struct job_choices *choices, const struct config *config)
{
	static struct arena arena;

	arena_release(&arena);
	return job_settle(choices, config, &arena);
}

TEST(built_in_defaults_apply_without_a_choice)
{
	const struct job_choices choices = job_choices_none();
	const struct config config = {0};
	struct settled settled = settle(&choices, &config);

	ck_assert_str_is(settled.name, STR("outcrop"));
	ck_assert_str_is(settled.model, STR("sonnet"));
	ck_assert_str_is(settled.review.language, STR("en"));
	ck_assert_int_eq(settled.review.max_concurrency, 4);
	ck_assert_int_eq(settled.review.max_calls, 200);
	ck_assert_int_eq(settled.review.timeout_ms, 15 * 60000);
	ck_assert_int_eq(settled.review.min_severity, SEVERITY_LOW);
	ck_assert_int_eq(settled.max_inline_comments, 25);
	ck_assert_int_eq(settled.inline_severity, SEVERITY_MEDIUM);
	ck_assert_double_eq(settled.review.min_confidence, 0);
	ck_assert(settled.review.max_cost_usd < 0);
}

TEST(the_configuration_takes_precedence_over_what_is_built_in_and_a_choice_over_both)
{
	struct job_choices choices = job_choices_none();
	const struct config config = {.default_model = STR("haiku"),
				      .max_concurrency = 7,
				      .min_confidence = 0.25,
				      .has_min_severity = true,
				      .min_severity = SEVERITY_HIGH,
				      .has_inline_severity = true,
				      .inline_severity = SEVERITY_LOW,
				      .language = STR("de")};
	struct settled settled = settle(&choices, &config);

	ck_assert_str_is(settled.model, STR("haiku"));
	ck_assert_str_is(settled.review.language, STR("de"));
	ck_assert_int_eq(settled.review.max_concurrency, 7);
	ck_assert_int_eq(settled.review.min_severity, SEVERITY_HIGH);
	ck_assert_int_eq(settled.inline_severity, SEVERITY_LOW);
	choices.model = STR("opus");
	choices.language = STR("fr");
	choices.max_concurrency = 2;
	ck_assert_double_eq(settled_floor(&settled).confidence, 0.25);
	choices.min_confidence = 0;
	choices.min_severity = STR("info");
	choices.inline_severity = STR("critical");
	choices.timeout_minutes = 0.5;
	choices.max_inline_comments = 0;
	settled = settle(&choices, &config);
	ck_assert_str_is(settled.model, STR("opus"));
	ck_assert_str_is(settled.review.language, STR("fr"));
	ck_assert_int_eq(settled.review.max_concurrency, 2);
	ck_assert_int_eq(settled.review.min_severity, SEVERITY_INFO);
	ck_assert_double_eq(settled_floor(&settled).confidence, 0);
	ck_assert_int_eq(settled.inline_severity, SEVERITY_CRITICAL);
	ck_assert_int_eq(settled.review.timeout_ms, 30000);
	ck_assert_int_eq(settled.max_inline_comments, 0);
}

TEST(globs_of_choice_and_configuration_both_exclude)
{
	struct str chosen[] = {STR("a/**")};
	struct str ignored[] = {STR("b/**"), STR("c/**")};
	struct job_choices choices = job_choices_none();
	struct config config = {.ignore = {.items = ignored, .len = 2}};
	struct settled settled;

	choices.exclude = (struct strings){.items = chosen, .len = 1};
	settled = settle(&choices, &config);
	ck_assert_uint_eq(settled.review.exclude.len, 3);
	ck_assert_str_is(settled.review.exclude.items[0], STR("a/**"));
	ck_assert_str_is(settled.review.exclude.items[2], STR("c/**"));
}
