/* What a model may refuse: whether a request has it, and the words in which the service refuses. */
#include "aws_rules.h"

/* ---- Reading a request of either API ---- */

static const struct value *tools_of(const struct asked_model *asked)
{
	return value_get(asked->messages ? asked->body : value_get(asked->body, "toolConfig"),
			 "tools");
}

static bool streams(const struct asked_model *asked)
{
	return str_contains(asked->operation, STR("stream"));
}

/* "any", "tool", or empty. */
static struct str choice_of(const struct asked_model *asked)
{
	const struct value *choice =
		asked->messages ? value_get(asked->body, "tool_choice")
				: value_get(value_get(asked->body, "toolConfig"), "toolChoice");

	if (asked->messages)
		return str_eq(value_get_string(choice, "type"), STR("auto"))
			       ? STR_EMPTY
			       : value_get_string(choice, "type");
	return value_get(choice, "any")    ? STR("any")
	       : value_get(choice, "tool") ? STR("tool")
					   : STR_EMPTY;
}

static const struct value *further(const struct asked_model *asked, const char *name)
{
	return value_get(asked->messages ? asked->body
					 : value_get(asked->body, "additionalModelRequestFields"),
			 name);
}

static const struct value *inference(const struct asked_model *asked, const char *converse,
				     const char *messages)
{
	return asked->messages ? value_get(asked->body, messages)
			       : value_get(value_get(asked->body, "inferenceConfig"), converse);
}

static const struct value *output_config(const struct asked_model *asked)
{
	return value_get(asked->body, asked->messages ? "output_config" : "outputConfig");
}

static struct str thinking_type(const struct asked_model *asked)
{
	return value_get_string(further(asked, "thinking"), "type");
}

typedef bool block_test(const struct value *block);

static bool any_block(const struct asked_model *asked, block_test *test)
{
	const struct value *messages = value_get(asked->body, "messages");

	for (size_t i = 0; i < value_len(messages); i++) {
		const struct value *content = value_get(value_at(messages, i), "content");

		for (size_t j = 0; j < value_len(content); j++)
			if (test(value_at(content, j)))
				return true;
	}
	return false;
}

static bool is_hour(const struct value *block)
{
	const struct value *point = value_get(block, "cachePoint");

	point = point ? point : value_get(block, "cache_control");
	return str_eq(value_get_string(point, "ttl"), STR("1h"));
}

static bool is_point(const struct value *block)
{
	return value_get(block, "cachePoint") || value_get(block, "cache_control");
}

static bool has_status(const struct value *block)
{
	return value_get(value_get(block, "toolResult"), "status") != NULL;
}

/* ---- Rules: each asks whether the request has what the model refuses ---- */

static bool uses_choice(const struct asked_model *asked)
{
	return choice_of(asked).len > 0;
}

static bool uses_choice_any(const struct asked_model *asked)
{
	return str_eq(choice_of(asked), STR("any"));
}

static bool uses_choice_tool(const struct asked_model *asked)
{
	return str_eq(choice_of(asked), STR("tool"));
}

static bool uses_tools(const struct asked_model *asked)
{
	return value_len(tools_of(asked)) > 0;
}

static bool uses_streaming_tools(const struct asked_model *asked)
{
	return uses_tools(asked) && streams(asked);
}

static bool uses_structured(const struct asked_model *asked)
{
	return value_get(output_config(asked), asked->messages ? "format" : "textFormat") != NULL;
}

static bool uses_complex_schema(const struct asked_model *asked)
{
	return uses_structured(asked) &&
	       str_contains(buf_str(&asked->request->body), STR("enum\\\":")) +
			       str_contains(buf_str(&asked->request->body), STR("\"enum\":")) >
		       0;
}

static bool uses_strict(const struct asked_model *asked)
{
	const struct value *tools = tools_of(asked);

	for (size_t i = 0; i < value_len(tools); i++) {
		const struct value *tool = value_at(tools, i);

		if (value_get(asked->messages ? tool : value_get(tool, "toolSpec"), "strict"))
			return true;
	}
	return false;
}

static bool uses_temperature(const struct asked_model *asked)
{
	return inference(asked, "temperature", "temperature") != NULL;
}

static bool uses_top_p(const struct asked_model *asked)
{
	return inference(asked, "topP", "top_p") != NULL;
}

static bool uses_top_k(const struct asked_model *asked)
{
	return further(asked, "top_k") != NULL;
}

static bool uses_stop(const struct asked_model *asked)
{
	return inference(asked, "stopSequences", "stop_sequences") != NULL;
}

static bool uses_budget(const struct asked_model *asked)
{
	return str_eq(thinking_type(asked), STR("enabled"));
}

static bool uses_adaptive(const struct asked_model *asked)
{
	return str_eq(thinking_type(asked), STR("adaptive"));
}

static bool uses_disabled(const struct asked_model *asked)
{
	return str_eq(thinking_type(asked), STR("disabled"));
}

static bool uses_effort(const struct asked_model *asked)
{
	return value_get(output_config(asked), "effort") || further(asked, "reasoning_effort") ||
	       further(asked, "reasoning") || further(asked, "reasoningConfig");
}

static bool uses_hour(const struct asked_model *asked)
{
	return any_block(asked, is_hour);
}

static bool uses_cache(const struct asked_model *asked)
{
	return any_block(asked, is_point);
}

static bool uses_metadata(const struct asked_model *asked)
{
	return value_get(asked->body, "requestMetadata") ||
	       headers_get(&asked->request->headers, STR("x-amzn-bedrock-request-metadata")).len;
}

static bool uses_system(const struct asked_model *asked)
{
	return value_get(asked->body, "system") != NULL;
}

static bool uses_status(const struct asked_model *asked)
{
	return any_block(asked, has_status);
}

static bool is_text(const struct value *block)
{
	return value_get(block, "text") != NULL;
}

static bool is_tool(const struct value *block)
{
	struct str type = value_get_string(block, "type");

	return value_get(block, "toolUse") || value_get(block, "toolResult") ||
	       str_eq(type, STR("tool_use")) || str_eq(type, STR("tool_result"));
}

static bool uses_mixed(const struct asked_model *asked)
{
	const struct value *messages = value_get(asked->body, "messages");

	for (size_t i = 0; i < value_len(messages); i++) {
		const struct value *content = value_get(value_at(messages, i), "content");
		bool text = false, tool = false;

		for (size_t j = 0; j < value_len(content); j++) {
			text |= is_text(value_at(content, j));
			tool |= is_tool(value_at(content, j));
		}
		if (text && tool)
			return true;
	}
	return false;
}

static bool uses_tier(const struct asked_model *asked)
{
	return value_get(asked->body, "serviceTier") ||
	       headers_get(&asked->request->headers, STR("x-amzn-bedrock-service-tier")).len;
}

static bool always(const struct asked_model *asked)
{
	(void)asked;
	return true;
}

#define NO_FIELD(name)                                                                             \
	"This model doesn't support the " name " field. Remove " name " and try again."

/* Sorted. */
static const struct rule rules[] = {
	{"cache",
	 uses_cache,
	 {403, "AccessDeniedException",
	  "You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information."}},
	{"cache-hour",
	 uses_hour,
	 {INVALID,
	  "messages.0.content.1.cache_control.ephemeral.ttl: Extra inputs are not permitted"}},
	{"data-retention",
	 always,
	 {403, "AccessDeniedException",
	  "This model is not available under the account's data retention mode \"none\"."}},
	{"effort", uses_effort, {INVALID, "output_config.effort: Extra inputs are not permitted"}},
	{"metadata", uses_metadata, {INVALID, NO_FIELD("requestMetadata")}},
	{"mixed-turn",
	 uses_mixed,
	 {INVALID,
	  "Conversation blocks and tool result blocks cannot be provided in the same turn."}},
	{"result-status", uses_status, {INVALID, NO_FIELD("status")}},
	{"schema-size",
	 uses_complex_schema,
	 {INVALID, "compilation exceeded limits: Schema is too complex"}},
	{"service-tier",
	 uses_tier,
	 {INVALID, "The requested service tier is not available for this model."}},
	{"stop-sequences", uses_stop, {INVALID, NO_FIELD("stopSequences")}},
	{"strict", uses_strict, {INVALID, "tools.0.custom.strict: Extra inputs are not permitted"}},
	{"structured-output",
	 uses_structured,
	 {INVALID, "output_config.format: Extra inputs are not permitted"}},
	{"system",
	 uses_system,
	 {INVALID,
	  "This model doesn't support system messages. Try again without system messages."}},
	{"temperature", uses_temperature, {INVALID, NO_FIELD("temperature")}},
	{"thinking-adaptive",
	 uses_adaptive,
	 {INVALID, "adaptive thinking is not supported on this model"}},
	{"thinking-disabled",
	 uses_disabled,
	 {INVALID, "\"thinking.type.disabled\" is not supported for this model."}},
	{"thinking-enabled",
	 uses_budget,
	 {INVALID,
	  "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior."}},
	{"tool-choice",
	 uses_choice,
	 {INVALID, "tool_choice: type \"tool\" and \"any\" are not supported for this model."}},
	{"tool-choice-any", uses_choice_any, {INVALID, NO_FIELD("toolConfig.toolChoice.any")}},
	{"tool-choice-tool", uses_choice_tool, {INVALID, NO_FIELD("toolConfig.toolChoice.tool")}},
	{"tools", uses_tools, {INVALID, "This model doesn't support tool use."}},
	{"tools-streaming",
	 uses_streaming_tools,
	 {INVALID, "This model doesn't support tool use in streaming mode."}},
	{"top-k",
	 uses_top_k,
	 {INVALID,
	  "Malformed input request: #: extraneous key [top_k] is not permitted, please reformat your input and try again."}},
	{"top-p", uses_top_p, {INVALID, NO_FIELD("topP")}},
};

const struct rule *rule_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (str_eq(str_from(rules[i].name), name))
			return &rules[i];
	return NULL;
}
