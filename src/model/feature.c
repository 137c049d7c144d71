/* Names of the optional parts of a request. */
#include "model/feature.h"

static const struct {
	const char *name, *instead;
} texts[FEATURE_COUNT] = {
	[FEATURE_NAMED_TOOL] = {"tool choice by name", "some tool is asked for"},
	[FEATURE_ANY_TOOL] = {"forced tool choice", "the tool is asked for in the text"},
	[FEATURE_TOOLS] = {"tools", "JSON text is asked for"},
	[FEATURE_STREAMING_TOOLS] = {"tools in streaming", "answers are not streamed"},
	[FEATURE_STREAMING] = {"streaming", "answers are not streamed"},
	[FEATURE_STRUCTURED] = {"structured output", "a tool or JSON text is asked for"},
	[FEATURE_SCHEMA_DETAIL] = {"the schema's size", "a looser schema is sent"},
	[FEATURE_STRICT_TOOLS] = {"strict tools", "tools are sent without it"},
	[FEATURE_TEMPERATURE] = {"temperature", "it is not sent"},
	[FEATURE_TOP_P] = {"top_p", "it is not sent"},
	[FEATURE_TOP_K] = {"top_k", "it is not sent"},
	[FEATURE_STOP_SEQUENCES] = {"stop sequences", "they are not sent"},
	[FEATURE_THINKING_BUDGET] = {"thinking with a budget", "adaptive thinking is asked for"},
	[FEATURE_THINKING_ADAPTIVE] = {"adaptive thinking", "thinking is not asked for"},
	[FEATURE_THINKING_DISABLED] = {"disabled thinking", "the lowest effort is asked for"},
	[FEATURE_EFFORT] = {"effort", "it is not sent"},
	[FEATURE_CACHE_HOUR] = {"a cache lifetime of one hour", "the default lifetime is used"},
	[FEATURE_CACHE] = {"prompt caching", "nothing is cached"},
	[FEATURE_METADATA] = {"request metadata", "it is not sent"},
	[FEATURE_SYSTEM_TEXT] = {"a system text", "it is sent as the user's text"},
	[FEATURE_RESULT_STATUS] = {"the status of tool results", "the text states it"},
	[FEATURE_MIXED_TURN] = {"text beside tool calls", "it is left out"},
	[FEATURE_SERVICE_TIER] = {"the service tier", "the default tier is used"},
	[FEATURE_OUTPUT_LIMIT] = {"max_tokens", "the model's own limit is sent"},
};

const char *feature_name(enum model_feature feature)
{
	return texts[feature].name;
}

const char *feature_instead(enum model_feature feature)
{
	return texts[feature].instead;
}
