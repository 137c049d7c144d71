/* What a refusal teaches: one line for each message that the service was seen to send. */
#include "bedrock/refusal.h"

#include <string.h>

#include "unit.h"

#define BIT(name) ((feature_set)1 << FEATURE_##name)

static const struct {
	const char *message;
	feature_set used, learned;
} rows[] = {
	{"tool_choice: type \"tool\" and \"any\" are not supported for this model.",
	 BIT(NAMED_TOOL), BIT(NAMED_TOOL) | BIT(ANY_TOOL)},
	{"Thinking may not be enabled when tool_choice forces tool use.", BIT(ANY_TOOL),
	 BIT(NAMED_TOOL) | BIT(ANY_TOOL)},
	{"This model doesn't support the toolConfig.toolChoice.tool field. Remove toolConfig.toolChoice.tool and try again.",
	 BIT(NAMED_TOOL), BIT(NAMED_TOOL)},
	{"This model doesn't support the toolConfig.toolChoice.any field. Remove toolConfig.toolChoice.any and try again.",
	 BIT(ANY_TOOL), BIT(ANY_TOOL)},
	{"This model doesn't support tool use in streaming mode.",
	 BIT(TOOLS) | BIT(STREAMING) | BIT(STREAMING_TOOLS), BIT(STREAMING_TOOLS)},
	{"This model doesn't support tool use.", BIT(TOOLS) | BIT(STREAMING_TOOLS), BIT(TOOLS)},
	{"output_config.format: Extra inputs are not permitted",
	 BIT(STRUCTURED) | BIT(SCHEMA_DETAIL) | BIT(EFFORT), BIT(STRUCTURED)},
	{"compilation exceeded limits: Schema is too complex", BIT(STRUCTURED) | BIT(SCHEMA_DETAIL),
	 BIT(SCHEMA_DETAIL)},
	{"The compiled grammar is too large", BIT(STRUCTURED), BIT(STRUCTURED)},
	{"output_config.format.schema: too many optional properties",
	 BIT(STRUCTURED) | BIT(SCHEMA_DETAIL), BIT(SCHEMA_DETAIL)},
	{"tools.0.custom.strict: Extra inputs are not permitted", BIT(STRICT_TOOLS) | BIT(TOOLS),
	 BIT(STRICT_TOOLS)},
	{"`temperature` and `top_p` cannot both be specified for this model.",
	 BIT(TEMPERATURE) | BIT(TOP_P), BIT(TOP_P)},
	{"This model doesn't support the temperature field. Remove temperature and try again.",
	 BIT(TEMPERATURE) | BIT(TOP_P), BIT(TEMPERATURE)},
	{"Malformed input request: #: extraneous key [top_k] is not permitted, please reformat your input and try again.",
	 BIT(TOP_K), BIT(TOP_K)},
	{"\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.",
	 BIT(THINKING_BUDGET) | BIT(EFFORT), BIT(THINKING_BUDGET)},
	{"adaptive thinking is not supported on this model", BIT(THINKING_ADAPTIVE),
	 BIT(THINKING_ADAPTIVE)},
	{"\"thinking.type.disabled\" is not supported for this model.", BIT(THINKING_DISABLED),
	 BIT(THINKING_DISABLED)},
	{"output_config.effort: Extra inputs are not permitted", BIT(EFFORT), BIT(EFFORT)},
	{"system.0.cache_control.ephemeral.ttl: Extra inputs are not permitted",
	 BIT(CACHE) | BIT(CACHE_HOUR), BIT(CACHE_HOUR)},
	{"This model doesn't support the requestMetadata field. Remove requestMetadata and try again.",
	 BIT(METADATA), BIT(METADATA)},
	{"This model doesn't support system messages. Try again without system messages.",
	 BIT(SYSTEM_TEXT), BIT(SYSTEM_TEXT)},
	{"This model doesn't support the status field. Remove status and try again.",
	 BIT(RESULT_STATUS), BIT(RESULT_STATUS)},
	{"Conversation blocks and tool result blocks cannot be provided in the same turn.",
	 BIT(MIXED_TURN), BIT(MIXED_TURN)},
	{"The requested service tier is not available for this model.", BIT(SERVICE_TIER),
	 BIT(SERVICE_TIER)},
	{"This model doesn't support streaming.", BIT(STREAMING) | BIT(STREAMING_TOOLS),
	 BIT(STREAMING)},
	/* Not a word about an optional part that was sent: stays an error. */
	{"The provided model identifier is invalid.", ~(feature_set)0, 0},
	{"messages: must not be empty", ~(feature_set)0, 0},
	{"This model doesn't support the temperature field.", BIT(TOP_P), 0},
};

static struct error refusal_of(const char *message)
{
	struct error err = {0};

	error_set(&err, ERROR_INVALID, "ValidationException, status 400: %s", message);
	return err;
}

TEST(learns_what_each_message_means)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct refusals refusals = {.id = STR("m")};
		struct refusal_request request = {rows[i].used, 4000};
		struct error err = refusal_of(rows[i].message);
		feature_set learned;
		bool ok = refusal_learn(&refusals, &request, &err, &learned);

		ck_assert_msg(ok == (rows[i].learned != 0) && learned == rows[i].learned, "%s: %x",
			      rows[i].message, learned);
		ck_assert(refusals.refused == rows[i].learned);
	}
}

TEST(learns_nothing_twice_but_asks_again_for_what_another_call_learned)
{
	struct refusals refusals = {.id = STR("m"), .refused = BIT(TEMPERATURE)};
	struct refusal_request request = {BIT(TEMPERATURE), 4000};
	struct error err = refusal_of("This model doesn't support the temperature field.");
	feature_set learned;

	ck_assert(refusal_learn(&refusals, &request, &err, &learned) && !learned);
	request.used = 0;
	ck_assert(!refusal_learn(&refusals, &request, &err, &learned));
}

TEST(reads_the_models_maximum_from_the_message)
{
	struct refusals refusals = {.id = STR("m")};
	struct refusal_request request = {BIT(OUTPUT_LIMIT), 16000};
	struct error err = refusal_of(
		"The maximum tokens you requested exceeds the model limit of 8192. Try again with a maximum tokens value that is lower than 8192.");
	feature_set learned;

	ck_assert(refusal_learn(&refusals, &request, &err, &learned));
	ck_assert_int_eq((int)refusals.output_tokens_max, 8192);
	request.max_tokens = 8192;
	ck_assert(!refusal_learn(&refusals, &request, &err, &learned));
}

TEST(takes_only_a_request_that_is_wrong_for_a_refusal)
{
	struct refusals refusals = {.id = STR("m")};
	struct refusal_request request = {BIT(TEMPERATURE) | BIT(CACHE), 4000};
	struct error err = {0};
	feature_set learned;

	error_set(&err, ERROR_THROTTLED, "temperature");
	ck_assert(!refusal_learn(&refusals, &request, &err, &learned));
	error_set(&err, ERROR_DENIED,
		  "your request did not allow prompt caching. See the documentation");
	ck_assert(!refusal_learn(&refusals, &request, &err, &learned));
	memcpy(err.code, "AccessDeniedException", sizeof("AccessDeniedException"));
	ck_assert(refusal_learn(&refusals, &request, &err, &learned) && learned == BIT(CACHE));
}
