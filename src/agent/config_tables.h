/* The shape of the configuration file, as its tables decode it; config.h has the shape for use. */
#ifndef AGENT_CONFIG_TABLES_H
#define AGENT_CONFIG_TABLES_H

#include "agent/config.h"
#include "agent/config_models.h"
#include "value/fields.h"

struct raw_chunk {
	int64_t tokens;
};

struct raw_defaults {
	struct str model;
	int64_t max_concurrency;
	double min_confidence;
	bool has_min_severity;
	enum severity min_severity;
	bool has_inline_severity;
	enum severity inline_severity;
	struct str language;
	struct raw_chunk chunk;
};

struct raw_config {
	int64_t version;
	struct strings agents;
	struct raw_defaults defaults;
	struct list models;    /* struct raw_model */
	struct list embedders; /* struct raw_embedder */
	struct strings ignore;
	struct strings guidance;
	bool has_guidance;
	struct tiers tiers;
	struct skip_rules skip;
	struct strings hints;
	struct list instructions; /* struct instruction */
};

#endif
