/* The configuration file, .github/outcrop.yml (contract 3). */
#ifndef AGENT_CONFIG_H
#define AGENT_CONFIG_H

#include "agent/agent.h"
#include "model/model.h"

/* What a models table says of one model.  Numbers below zero or empty strings: not given. */
struct model_config {
	struct str alias;
	struct str model; /* id, profile or ARN */
	struct str region;
	struct str api; /* converse | messages; or empty */
	bool stream, has_stream;
	int64_t max_tokens; /* 0: not given */
	struct str cache;   /* auto | off; or empty */
	enum thinking_kind thinking;
	int64_t thinking_budget;
	struct str effort;
	struct str guardrail_id, guardrail_version;
	struct str family;
	struct value *request_fields;
	struct strings fallback;
	int64_t requests_per_minute, tokens_per_minute; /* 0: not given */
	struct price price;                             /* below zero: not given */
	double temperature, top_p;
	int64_t top_k;
	struct str access_key_id, secret_access_key, session_token; /* secret: never logged */
	struct position at;
};

struct embedder_config {
	struct str alias;
	struct str model;
	struct str region;
	int64_t dimensions;
	struct position at;
};

struct config {
	struct strings agents;    /* empty: the built-in default pack */
	struct str default_model; /* defaults.model */
	int64_t max_concurrency;  /* 0: not given */
	bool has_min_severity;
	enum severity min_severity;
	struct str language;
	int64_t chunk_tokens; /* 0: not given */
	struct model_config *models;
	size_t models_len;
	struct embedder_config *embedders;
	size_t embedders_len;
	struct strings ignore;
	struct str file; /* where it was read; empty: there is none */
};

#endif
