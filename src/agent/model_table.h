/* What is known of models: names, profiles by region, traits and prices. */
#ifndef AGENT_MODEL_TABLE_H
#define AGENT_MODEL_TABLE_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "model/model.h"
#include "value/strings.h"

struct config;
struct model_config;
struct embedder_config;

/* The price of a model through the profiles of one group; "default": of all others but us-gov. */
struct model_price {
	struct str group;
	struct price price;
};

/* What a service tier costs, as a factor; 0: the model has none. */
struct model_tiers {
	double flex, priority;
};

/* From `above_tokens` of input on a call costs this much more. */
struct model_long {
	int64_t above_tokens;
	double input, output;
};

/* One row of the table: what holds for ids that begin with `match`. */
struct model_row {
	struct str match;
	struct model_traits traits;
	struct str end_of_life; /* "2027-04-08"; or empty */
	struct str source;      /* of the prices: a name in the table's sources */
	struct model_price *prices;
	size_t prices_len;
	struct model_tiers tiers;
	struct model_long long_input;
};

/* A model that has profiles. */
struct model_profiles {
	struct str id;         /* without the group's prefix */
	struct strings groups; /* for which there are profiles */
};

/* A name that needs no configuration. */
struct model_alias {
	struct str name;
	struct model_profiles newest, previous;
};

/* Where prices were read, and when. */
struct model_source {
	struct str name, date, what;
};

/* Regions whose names begin with `prefix` use the first of these groups that a model has. */
struct region_row {
	struct str prefix;
	struct strings groups;
};

/* agents/models.yml.  Lives in an arena. */
struct model_table {
	struct str date; /* of its last check: "2026-11-28" */
	struct model_source *sources;
	size_t sources_len;
	struct model_row *rows;
	size_t rows_len;
	struct model_alias *aliases;
	size_t aliases_len;
	struct region_row *regions;
	size_t regions_len;
	struct {
		struct str family, match;
	} *families;
	size_t families_len;
};

/* Reads the table that is part of the program; what it holds is tested. */
void model_table_read(struct arena *arena, struct model_table *table);

const struct model_alias *model_table_alias(const struct model_table *table, struct str name);

/* The row of an id, profile id or ARN; NULL when it is unknown. */
const struct model_row *model_table_row(const struct model_table *table, struct str id);

/*
 * An id as the user wrote it, without white space around it (folded YAML ends in a line break) and without
 * the prefixes of other tools: "bedrock/ID", "bedrock/converse/ID", "bedrock/us-east-1/ID", whose region is
 * given too.
 */
struct str model_plain_id(struct str name, struct str *region);

/* True for what can only be an id or ARN: it holds a '.', ':' or '/'. */
bool model_is_id(struct str name);

/* Who asks for a model, and by which name. */
struct model_request {
	const struct model_table *table;
	const struct config *config; /* NULL: none */
	struct str name;             /* alias, id, profile id or ARN */
	struct str region;           /* of the run; empty: none known */
};

/* A model without its implementation: `model.ops` and `model.ctx` are NULL. */
struct model_choice {
	struct model model;
	const struct model_config *config;      /* its entry, or NULL */
	const struct embedder_config *embedder; /* model_resolve_embedder(): its entry, or NULL */
	struct str end_of_life;                 /* "2027-04-08"; or empty: none is known */
	struct str previous; /* the profile to ask if the account cannot use this one; or empty */
};

/* The default model. */
#define MODEL_DEFAULT "sonnet"

/*
 * Decides id, region, traits, price and defaults of a model.  A configured alias comes first, then a
 * built-in one with the profile of the region, then the name as an id.  ERROR_CONFIG for an unknown
 * name (with the nearest), a missing region (naming aws-region), a region for which the alias has no
 * profile (listing those that have one).
 */
bool model_resolve(const struct model_request *req, struct arena *arena,
		   struct model_choice *choice, struct error *err) MUST_USE;

/* The same for an entry of `embedders:`, or the id of an embedding model. */
bool model_resolve_embedder(const struct model_request *req, struct arena *arena,
			    struct model_choice *choice, struct error *err) MUST_USE;

#endif
