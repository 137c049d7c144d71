/* Option precedence and defaults. */
#include "job/settle.h"

struct job_choices job_choices_none(void)
{
	return (struct job_choices){
		.max_concurrency = -1,
		.max_calls = -1,
		.max_cost_usd = -1,
		.min_confidence = -1,
		.timeout_minutes = -1,
		.max_inline_comments = -1,
	};
}

static struct str text_of(struct str chosen, struct str configured, const char *built_in)
{
	if (chosen.len)
		return chosen;
	return configured.len ? configured : str_from(built_in);
}

static int64_t number_of(int64_t chosen, int64_t configured, int64_t built_in)
{
	if (chosen > 0)
		return chosen;
	return configured > 0 ? configured : built_in;
}

static enum severity severity_of(struct str chosen, const struct config *config)
{
	enum severity severity;

	if (severity_parse(chosen, &severity))
		return severity;
	return config->has_min_severity ? config->min_severity : SEVERITY_LOW;
}

static enum severity inline_of(struct str chosen, const struct config *config)
{
	enum severity severity;

	if (severity_parse(chosen, &severity))
		return severity;
	return config->has_inline_severity ? config->inline_severity : SEVERITY_MEDIUM;
}

/* The globs of files that are not reviewed: those chosen and those configured. */
static struct strings exclusions(const struct strings *chosen, const struct strings *ignored,
				 struct arena *arena)
{
	struct strings all = {.items = ARENA_ARRAY(arena, struct str, chosen->len + ignored->len)};

	for (size_t i = 0; i < chosen->len; i++)
		all.items[all.len++] = chosen->items[i];
	for (size_t i = 0; i < ignored->len; i++)
		all.items[all.len++] = ignored->items[i];
	return all;
}

static struct str default_guidance[] = {STR_INIT("REVIEW.md"), STR_INIT("AGENTS.md"),
					STR_INIT("CLAUDE.md"),
					STR_INIT(".github/copilot-instructions.md")};

static struct strings guidance_of(const struct config *config)
{
	if (config->has_guidance)
		return config->guidance;
	return (struct strings){.items = default_guidance, .len = ARRAY_LEN(default_guidance)};
}

struct settled job_settle(const struct job_choices *choices, const struct config *config,
			  struct arena *arena)
{
	double minutes = choices->timeout_minutes >= 0 ? choices->timeout_minutes
						       : JOB_TIMEOUT_MINUTES_DEFAULT;

	return (struct settled){
		.name = text_of(choices->name, STR_EMPTY, JOB_NAME_DEFAULT),
		.model = text_of(choices->model, config->default_model, MODEL_DEFAULT),
		.fail_on = choices->fail_on,
		.max_inline_comments = choices->max_inline_comments >= 0
					       ? choices->max_inline_comments
					       : JOB_INLINE_COMMENTS_DEFAULT,
		.inline_severity = inline_of(choices->inline_severity, config),
		.review =
			{
				.max_concurrency = (int)number_of(choices->max_concurrency,
								  config->max_concurrency,
								  JOB_CONCURRENCY_DEFAULT),
				.max_calls = number_of(choices->max_calls, 0, JOB_CALLS_DEFAULT),
				.max_cost_usd = choices->max_cost_usd,
				.timeout_ms = (int64_t)(minutes * 60000),
				.chunk_tokens = config->chunk_tokens,
				.min_severity = severity_of(choices->min_severity, config),
				.min_confidence = choices->min_confidence >= 0
							  ? choices->min_confidence
							  : config->min_confidence,
				.effort = STR("medium"),
				.language = text_of(choices->language, config->language,
						    JOB_LANGUAGE_DEFAULT),
				.include = choices->include,
				.exclude = exclusions(&choices->exclude, &config->ignore, arena),
				.guidance = guidance_of(config),
				.instructions = config->instructions,
				.instructions_len = config->instructions_len,
				.shards = choices->shards,
			},
	};
}

struct finding_floor settled_floor(const struct settled *settled)
{
	return (struct finding_floor){settled->review.min_severity, settled->review.min_confidence};
}
