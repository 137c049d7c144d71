/* The optional parts of a request, which a model may refuse and still answer without. */
#ifndef MODEL_FEATURE_H
#define MODEL_FEATURE_H

#include <stdint.h>

#include "base/common.h"

/* In the order in which the report lists them. */
enum model_feature {
	FEATURE_NONE,
	FEATURE_NAMED_TOOL,      /* a tool choice that names a tool */
	FEATURE_ANY_TOOL,        /* a tool choice that wants some tool */
	FEATURE_TOOLS,           /* tools at all */
	FEATURE_STREAMING_TOOLS, /* tools in a streamed call */
	FEATURE_STREAMING,       /* a streamed call */
	FEATURE_STRUCTURED,      /* native structured output */
	FEATURE_SCHEMA_DETAIL,   /* all of a schema's keywords in structured output */
	FEATURE_STRICT_TOOLS,    /* a tool whose input must match its schema */
	FEATURE_TEMPERATURE,
	FEATURE_TOP_P,
	FEATURE_TOP_K,
	FEATURE_STOP_SEQUENCES,
	FEATURE_THINKING_BUDGET,
	FEATURE_THINKING_ADAPTIVE,
	FEATURE_THINKING_DISABLED, /* turning thinking off */
	FEATURE_EFFORT,
	FEATURE_CACHE_HOUR, /* cache entries of one hour */
	FEATURE_CACHE,
	FEATURE_METADATA, /* requestMetadata */
	FEATURE_SYSTEM_TEXT,
	FEATURE_RESULT_STATUS, /* the status of a tool result */
	FEATURE_MIXED_TURN,    /* text beside tool calls or their results in one message */
	FEATURE_SERVICE_TIER,
	FEATURE_OUTPUT_LIMIT, /* max_tokens as large as asked for */
	FEATURE_COUNT,
};

/* One bit each. */
typedef uint32_t feature_set;

static inline feature_set UNUSED feature_bit(enum model_feature feature)
{
	return (feature_set)1 << feature;
}

static inline bool UNUSED feature_in(feature_set set, enum model_feature feature)
{
	return (set & feature_bit(feature)) != 0;
}

/* "tool choice by name", for people and for the report. */
const char *feature_name(enum model_feature feature);

/* What is sent instead, as the end of the sentence "…: NAME refused, ". */
const char *feature_instead(enum model_feature feature);

#endif
