/* The configuration file, .github/outcrop.yml. */
#ifndef AGENT_CONFIG_H
#define AGENT_CONFIG_H

#include "agent/agent.h"
#include "agent/model_table.h"
#include "base/env.h"
#include "base/secret.h"
#include "model/model.h"

enum { CHUNK_TOKENS_MIN = 500 }; /* the smallest chunk of a change that is worth a request */

/* Where the configuration is by default; it may be absent there. */
#define CONFIG_PATH_DEFAULT ".github/outcrop.yml"
#define CONFIG_PATH_OTHER ".github/outcrop.yaml" /* read too; both are an error */

enum cache_mode { CACHE_AUTO, CACHE_OFF };

/* What a models table says of one model.  Empty strings: not given. */
struct model_config {
	struct str alias;
	struct str model; /* id, profile or ARN; empty: the built-in alias of that name */
	struct str region;
	enum model_api api;
	bool stream, has_stream;
	int64_t max_tokens; /* 0: not given */
	enum cache_mode cache;
	enum thinking_kind thinking;
	int64_t thinking_budget;
	struct str effort;
	struct str service_tier, project;
	struct str guardrail_id, guardrail_version; /* both or neither */
	struct str family;
	struct value *request_fields;                   /* an object, or NULL */
	struct strings fallback;                        /* aliases or ids, in order */
	int64_t requests_per_minute, tokens_per_minute; /* 0: not given */
	struct price price;                             /* below zero: not given */
	double temperature, top_p;                      /* below zero: not given */
	int64_t top_k;                                  /* below zero: not given */
	/* Of a models table that carries keys; unset: none. */
	struct secret access_key_id, secret_access_key, session_token;
	struct position at;
};

struct embedder_config {
	struct str alias;
	struct str model;
	struct str region;
	int64_t dimensions; /* 0: the model's default */
	struct position at;
};

/* What counts as a trivial or a sensitive change, and which agents review it. */
struct tier {
	int64_t lines_max, lines_min; /* changed lines; 0: not given */
	struct strings paths;         /* globs */
	bool has_paths;
	struct strings agents; /* empty: as for any change */
	struct str model;      /* for agents that name none; empty: as for any change */
};

struct tiers {
	struct tier trivial, sensitive;
};

/* Pull requests that are reviewed only on request. */
struct skip_rules {
	struct strings labels, authors; /* names, in any case */
	struct strings titles;          /* regular expressions */
};

/* Instructions of the configuration for some files, or for all. */
struct instruction {
	struct strings paths; /* globs; empty: all files */
	struct str text;
};

/* Lives in an arena, but for the keys of its models.  Zeroed it is "no configuration". */
struct config {
	struct strings agents;            /* empty: the built-in default pack */
	const struct position *agents_at; /* where `file` names each; or NULL */
	struct str default_model;         /* defaults.model */
	int64_t max_concurrency;          /* 0: not given */
	double min_confidence;            /* 0: no floor */
	bool has_min_severity;
	enum severity min_severity;
	bool has_inline_severity; /* defaults.inline */
	enum severity inline_severity;
	struct str language;
	int64_t chunk_tokens; /* CHUNK_TOKENS_MIN or more; 0: not given */
	struct model_config *models;
	size_t models_len;
	struct embedder_config *embedders;
	size_t embedders_len;
	struct strings ignore;
	struct strings guidance; /* names of files */
	bool has_guidance;
	struct tiers tiers;
	struct skip_rules skip;
	struct strings hints; /* SARIF files in the workspace */
	struct instruction *instructions;
	size_t instructions_len;
	struct str file; /* where it was read; empty: no file */
};

/* Wipes the keys; the rest goes with the arena. */
void config_release(struct config *config);

/* The entry of that alias, or NULL. */
const struct model_config *config_model(const struct config *config, struct str alias);

/* Whether a model of the table has its own keys. */
bool config_has_keys(const struct config *config);
const struct embedder_config *config_embedder(const struct config *config, struct str alias);

/* The JSON Schema of the file, draft 2020-12: agents/config-schema.json. */
struct value *config_schema(struct arena *arena);

/* The table behind it, for docs. */
extern const struct fields config_fields;

#endif
