/* What is known of models: names, profiles by region, traits and prices. */
#ifndef AGENT_MODELS_H
#define AGENT_MODELS_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "model/model.h"
#include "value/fields.h"

struct config;
struct model_config;
struct embedder_config;

/* One row of the table: what holds for ids that begin with `match`. */
struct model_row {
	struct str match;
	struct model_traits traits;
	struct price price, price_global; /* below zero: unknown */
};

/* A name that needs no configuration. */
struct model_alias {
	struct str name;
	struct str id;         /* without the group's prefix */
	struct strings groups; /* for which there are profiles */
};

/* Regions whose names begin with `prefix` use the first of these groups that a model has. */
struct region_row {
	struct str prefix;
	struct strings groups;
};

/* agents/models.yml.  Lives in an arena. */
struct model_table {
	struct str date; /* of the prices: "2026-11-21" */
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

/* The row of an id, profile id or ARN; NULL when nothing is known of it. */
const struct model_row *model_table_row(const struct model_table *table, struct str id);

/* True for what can only be an id or ARN: it holds a '.', ':' or '/'. */
bool model_is_id(struct str name);

/* Who asks for a model, and by which name. */
struct model_request {
	const struct model_table *table;
	const struct config *config; /* NULL: none */
	struct str name;             /* alias, id, profile id or ARN */
	struct str region;           /* of the run; empty: none known */
};

/* All of a model but what answers: `model.ops` and `model.ctx` are NULL. */
struct model_choice {
	struct model model;
	const struct model_config *config;      /* its entry, or NULL */
	const struct embedder_config *embedder; /* model_resolve_embedder(): its entry, or NULL */
};

enum { MODEL_MAX_TOKENS_DEFAULT = 4000 };

/* The alias that is used when nobody names a model. */
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
