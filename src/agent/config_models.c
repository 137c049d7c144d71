/* The tables of models and embedders in the configuration file. */
#include "agent/config_models.h"

#include "agent/builtin.h"
#include "agent/field_checks.h"
#include "base/region.h"

const char *const effort_names[] = {"low", "medium", "high", "xhigh", "max", NULL};
const char *const family_names[] = {"claude",   "cohere", "deepseek", "gemma", "glm",     "gpt",
				    "gpt-oss",  "grok",   "kimi",     "llama", "minimax", "mistral",
				    "nemotron", "nova",   "qwen",     "titan", NULL};
const char *const tier_names[] = {"flex", "priority", NULL};
static const char *const thinking_names[] = {"enabled", "adaptive", "disabled", NULL};
static const char *const cache_names[] = {"auto", "off", NULL};
static const char *const api_type_names[] = {"bedrock", "bedrock_async", NULL};

#define REGION_PATTERN "^[a-z0-9-]+$"

/* ---- A model ---- */

#define AT(member) .offset = offsetof(struct raw_thinking, member)
static const struct field thinking_items[] = {
	{.name = "type",
	 .type = FIELD_ENUM,
	 AT(type),
	 .choices = thinking_names,
	 .help = "enabled (with budget_tokens), adaptive (with effort) or disabled. Default: depends on the other keys."},
	{.name = "budget_tokens",
	 .type = FIELD_INT,
	 AT(budget_tokens),
	 .min = 1024,
	 .max = 1000000,
	 .help = "Maximum number of tokens for thinking; must be below max_tokens."},
	{.name = "effort",
	 .type = FIELD_ENUM,
	 AT(effort),
	 .choices = effort_names,
	 .help = "The effort of a model with adaptive thinking."},
};
static const struct fields thinking_fields = {
	.title = "thinking",
	.items = thinking_items,
	.len = ARRAY_LEN(thinking_items),
	.size = sizeof(struct raw_thinking),
};
#undef AT

#define AT(member) .offset = offsetof(struct raw_guardrail, member)
static const struct field guardrail_items[] = {
	{.name = "id",
	 .type = FIELD_STRING,
	 AT(id),
	 .required = true,
	 .help = "The guardrail's id or ARN."},
	{.name = "version",
	 .type = FIELD_STRING,
	 AT(version),
	 .required = true,
	 .help = "Its version in quotes, or DRAFT."},
};
static const struct fields guardrail_fields = {
	.title = "guardrail",
	.items = guardrail_items,
	.len = ARRAY_LEN(guardrail_items),
	.size = sizeof(struct raw_guardrail),
};
#undef AT

#define AT(member) .offset = offsetof(struct raw_limits, member)
static const struct field limits_items[] = {
	{.name = "requests_per_minute",
	 .type = FIELD_INT,
	 AT(requests_per_minute),
	 .min = 1,
	 .help = "Initial rate; outcrop adapts it to the account's limit."},
	{.name = "tokens_per_minute",
	 .type = FIELD_INT,
	 AT(tokens_per_minute),
	 .min = 1,
	 .help = "The same in tokens."},
};
static const struct fields limits_fields = {
	.title = "limits",
	.items = limits_items,
	.len = ARRAY_LEN(limits_items),
	.size = sizeof(struct raw_limits),
};
#undef AT

#define AT(member) .offset = offsetof(struct price, member)
#define NOT_NEGATIVE .min = 0, .max = 100000
static const struct field price_items[] = {
	{.name = "input",
	 .type = FIELD_NUMBER,
	 AT(input),
	 NOT_NEGATIVE,
	 .help = "USD per million input tokens."},
	{.name = "output",
	 .type = FIELD_NUMBER,
	 AT(output),
	 NOT_NEGATIVE,
	 .help = "USD per million output tokens."},
	{.name = "cache_read",
	 .type = FIELD_NUMBER,
	 AT(cache_read),
	 NOT_NEGATIVE,
	 .help = "USD per million tokens read from the prompt cache."},
	{.name = "cache_write",
	 .type = FIELD_NUMBER,
	 AT(cache_write),
	 NOT_NEGATIVE,
	 .help = "USD per million tokens written to the prompt cache."},
	{.name = "cache_write_hour",
	 .type = FIELD_NUMBER,
	 AT(cache_write_hour),
	 NOT_NEGATIVE,
	 .help = "The same for entries of one hour. Default 1.6 times cache_write."},
};
static const struct fields price_fields = {
	.title = "price",
	.items = price_items,
	.len = ARRAY_LEN(price_items),
	.size = sizeof(struct price),
};
#undef AT

static void check_object(struct decoder *decoder, const struct value *value, void *field UNUSED)
{
	if (!value_is(value, VALUE_OBJECT))
		decoder_error(decoder, value, "must be a mapping, is %s",
			      value_kind_name(value->kind));
}

static void check_region(struct decoder *decoder, const struct value *value, void *field)
{
	const struct str *region = field;
	const char *problem = region->len ? region_problem(*region) : NULL;

	if (problem)
		decoder_error(decoder, value, "%s", problem);
}

#define AT(member) .offset = offsetof(struct raw_model, member)
static const struct field model_items[] = {
	{.type = FIELD_NAME, AT(alias)},
	{.name = "model",
	 .type = FIELD_STRING,
	 AT(model),
	 .help = "Model id, inference profile id or ARN. Optional for haiku, sonnet and opus."},
	{.name = "region",
	 .type = FIELD_STRING,
	 AT(region),
	 .pattern = REGION_PATTERN,
	 .check = check_region,
	 .help = "AWS region. Default: aws-region."},
	{.name = "api",
	 .type = FIELD_ENUM,
	 AT(api),
	 .choices = model_api_names,
	 .help = "Which Bedrock API is used. Default converse."},
	{.name = "stream",
	 .type = FIELD_BOOL,
	 AT(stream),
	 .present = offsetof(struct raw_model, has_stream),
	 .help = "Whether answers are streamed. Default true."},
	{.name = "max_tokens",
	 .type = FIELD_INT,
	 AT(max_tokens),
	 .min = 1,
	 .max = 1000000,
	 .help = "Maximum length of an answer in tokens; always sent. Default 4000, or 16000 if the model thinks by default, plus the thinking budget."},
	{.name = "effort",
	 .type = FIELD_ENUM,
	 AT(effort),
	 .choices = effort_names,
	 .help = "How much the model thinks and writes. Default: the model's own."},
	{.name = "service_tier",
	 .type = FIELD_ENUM,
	 AT(service_tier),
	 .choices = tier_names,
	 .help = "flex is slower and cheaper, priority is faster and more expensive; not for Claude."},
	{.name = "project",
	 .type = FIELD_STRING,
	 AT(project),
	 .help = "Id or ARN of the Bedrock project that the calls belong to."},
	{.name = "cache",
	 .type = FIELD_ENUM,
	 AT(cache),
	 .choices = cache_names,
	 .help = "Prompt caching, if the model supports it. Default auto."},
	{.name = "thinking",
	 .type = FIELD_OBJECT,
	 AT(thinking),
	 .fields = &thinking_fields,
	 .help = "Excludes temperature, top_p and top_k."},
	{.name = "guardrail",
	 .type = FIELD_OBJECT,
	 AT(guardrail),
	 .fields = &guardrail_fields,
	 .help = "A guardrail for each call."},
	{.name = "family",
	 .type = FIELD_ENUM,
	 AT(family),
	 .choices = family_names,
	 .help = "Family of the model, if its id does not show it."},
	{.name = "request_fields",
	 .type = FIELD_VALUE,
	 AT(request_fields),
	 .check = check_object,
	 .help = "Sent unchanged as additionalModelRequestFields."},
	{.name = "fallback",
	 .type = FIELD_STRINGS,
	 AT(fallback),
	 .or_one = true,
	 .check = check_no_repeats,
	 .help = "Models to use, in order, if this one is unavailable, denied or out of quota."},
	{.name = "limits",
	 .type = FIELD_OBJECT,
	 AT(limits),
	 .fields = &limits_fields,
	 .help = "The account's quota for this model."},
	{.name = "price",
	 .type = FIELD_OBJECT,
	 AT(price),
	 .fields = &price_fields,
	 .help = "Prices of the model; they take precedence over the built-in table."},
	{.name = "temperature",
	 .type = FIELD_NUMBER,
	 AT(temperature),
	 .min = 0,
	 .max = 2,
	 .help = "Sent only if set; newer Claude models reject it."},
	{.name = "top_p",
	 .type = FIELD_NUMBER,
	 AT(top_p),
	 .min = 0,
	 .max = 1,
	 .help = "Sent only if set."},
	{.name = "top_k",
	 .type = FIELD_INT,
	 AT(top_k),
	 .min = 0,
	 .max = 100000,
	 .help = "Sent only if set."},
	{.name = "api_type",
	 .type = FIELD_ENUM,
	 AT(api_type),
	 .choices = api_type_names,
	 .help = "Accepted for model tables of other tools; both values mean the same."},
	{.name = "access_key_id",
	 .type = FIELD_STRING,
	 AT(access_key_id),
	 .help = "Keys for this model alone. A role is better; if you need keys, use ${AWS_ACCESS_KEY_ID}."},
	{.name = "secret_access_key",
	 .type = FIELD_STRING,
	 AT(secret_access_key),
	 .help = "Use ${AWS_SECRET_ACCESS_KEY}, never the key itself."},
	{.name = "session_token",
	 .type = FIELD_STRING,
	 AT(session_token),
	 .help = "Session token of temporary keys: ${AWS_SESSION_TOKEN}."},
	{.name = "api_key",
	 .type = FIELD_STRING,
	 AT(api_key),
	 .help = "Both keys in one value, an older form: \"ACCESS_KEY:SECRET_KEY\"."},
};
#undef AT
static const struct raw_model model_defaults = {
	.thinking = {.type = RAW_THINKING_UNSET, .effort = -1},
	.family = -1,
	.effort = -1,
	.service_tier = -1,
	.price = {-1, -1, -1, -1},
	.temperature = -1,
	.top_p = -1,
	.top_k = -1,
};
const struct fields raw_model_fields = {
	.title = "a model",
	.items = model_items,
	.len = ARRAY_LEN(model_items),
	.size = sizeof(struct raw_model),
	.defaults = &model_defaults,
};

/* ---- An embedder ---- */

#define AT(member) .offset = offsetof(struct raw_embedder, member)
static const struct field embedder_items[] = {
	{.type = FIELD_NAME, AT(alias)},
	{.name = "model",
	 .type = FIELD_STRING,
	 AT(model),
	 .required = true,
	 .help = "Id or ARN of an embedding model: amazon.titan-embed-text-v2:0."},
	{.name = "region",
	 .type = FIELD_STRING,
	 AT(region),
	 .pattern = REGION_PATTERN,
	 .check = check_region,
	 .help = "AWS region. Default: aws-region."},
	{.name = "dimensions",
	 .type = FIELD_INT,
	 AT(dimensions),
	 .min = 1,
	 .max = 4096,
	 .help = "Length of the vectors. Default: the model's own."},
};
#undef AT
const struct fields raw_embedder_fields = {
	.title = "an embedder",
	.items = embedder_items,
	.len = ARRAY_LEN(embedder_items),
	.size = sizeof(struct raw_embedder),
};
