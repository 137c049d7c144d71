/* The shape of `models:` and `embedders:` in the configuration file, as their tables decode it. */
#ifndef AGENT_CONFIG_MODELS_H
#define AGENT_CONFIG_MODELS_H

#include "agent/config.h"
#include "value/fields.h"

enum raw_thinking_type {
	RAW_THINKING_ENABLED,
	RAW_THINKING_ADAPTIVE,
	RAW_THINKING_DISABLED,
	RAW_THINKING_UNSET,
};

struct raw_thinking {
	enum raw_thinking_type type;
	int64_t budget_tokens; /* 0: not given */
	int effort;            /* index in effort_names; below zero: not given */
};

struct raw_guardrail {
	struct str id, version;
};

struct raw_limits {
	int64_t requests_per_minute, tokens_per_minute;
};

/* An entry of `models:`, of either shape. */
struct raw_model {
	struct str alias;
	struct str model, region;
	enum model_api api;
	bool stream, has_stream;
	int64_t max_tokens;
	int effort, service_tier; /* below zero: not given */
	struct str project;
	enum cache_mode cache;
	struct raw_thinking thinking;
	struct raw_guardrail guardrail;
	int family; /* index in family_names; below zero: not given */
	struct value *request_fields;
	struct strings fallback;
	struct raw_limits limits;
	struct price price;
	double temperature, top_p;
	int64_t top_k;
	/* The shape of other tools' model tables. */
	int api_type;
	struct str access_key_id, secret_access_key, session_token, api_key;
};

struct raw_embedder {
	struct str alias;
	struct str model, region;
	int64_t dimensions;
};

extern const char *const family_names[];
extern const char *const tier_names[];
extern const struct fields raw_model_fields;
extern const struct fields raw_embedder_fields;

#endif
