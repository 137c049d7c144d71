/* Resolves a name to a model: id, region, traits, price, defaults. */
#include "agent/config.h"
#include "agent/model_table.h"
#include "base/log.h"
#include "base/region.h"
#include "base/utf8.h"

static const struct model_traits unknown_traits = MODEL_TRAITS_UNKNOWN;
static const struct price unknown_price = {-1, -1, -1, -1};

/* ---- Regions and profiles ---- */

/* The group whose profile serves that row of regions, or an empty string. */
static struct str group_of(const struct model_profiles *profiles, const struct region_row *row)
{
	for (size_t i = 0; i < row->groups.len; i++) {
		if (strings_have(&profiles->groups, row->groups.items[i]))
			return row->groups.items[i];
	}
	return STR_EMPTY;
}

/* The profile of that region, or an empty string. */
static struct str profile_for_region(struct arena *arena, const struct model_table *table,
				     const struct model_profiles *profiles, struct str region)
{
	struct str group = STR_EMPTY;

	for (size_t i = 0; i < table->regions_len; i++) {
		if (!str_starts(region, table->regions[i].prefix))
			continue;
		group = group_of(profiles, &table->regions[i]);
		break;
	}
	return group.len ? arena_printf(arena, "%.*s.%.*s", STR_ARG(group), STR_ARG(profiles->id))
			 : STR_EMPTY;
}

static bool no_profile(const struct model_table *table, const struct model_alias *alias,
		       struct str region, struct error *err)
{
	SCOPED(buf) struct buf known = BUF_INIT;

	for (size_t i = 0; i < table->regions_len; i++) {
		const struct region_row *row = &table->regions[i];

		if (group_of(&alias->newest, row).len)
			buf_addf(&known, "%s%.*s%s", known.len ? ", " : "", STR_ARG(row->prefix),
				 str_ends(row->prefix, STR("-")) ? "*" : "");
	}
	return error_set(
		err, ERROR_CONFIG,
		"model \"%.*s\": no inference profile for region \"%.*s\"; there is one for: %s. Set %s to one of these, or give the model its own id under models: in .github/outcrop.yml",
		STR_ARG(alias->name), STR_ARG(region), known.ptr,
		log_setting("aws-region", "--region"));
}

/* The region that an ARN names, or an empty string. */
static struct str region_of_arn(struct str id)
{
	struct str part = STR_EMPTY;

	if (!str_starts(id, STR("arn:")))
		return STR_EMPTY;
	for (int i = 0; i < 4; i++) {
		if (!str_next_part(&id, ':', &part))
			return STR_EMPTY;
	}
	return part;
}

/* The entry's own region, else the ARN's, else the run's. */
static bool choose_region(struct str configured, struct str id, const struct model_request *req,
			  struct str *region, struct error *err)
{
	struct str named = region_of_arn(id);
	const char *problem;

	*region = configured.len ? configured : named.len ? named : req->region;
	if (!region->len)
		return error_set(err, ERROR_CONFIG,
				 "model \"%.*s\": no AWS region is known; set %s or AWS_REGION",
				 STR_ARG(req->name),
				 log_setting("the input aws-region", "--region"));
	problem = region_problem(*region);
	return !problem || error_set(err, ERROR_CONFIG, "model \"%.*s\": \"%.*s\" %s",
				     STR_ARG(req->name), STR_ARG(utf8_cut(*region, 60)), problem);
}

/* ---- Traits and price ---- */

static const struct model_row *row_of_family(const struct model_table *table, struct str family)
{
	for (size_t i = 0; i < table->families_len; i++) {
		if (str_eq(table->families[i].family, family))
			return model_table_row(table, table->families[i].match);
	}
	return NULL;
}

/* "us" of "us.anthropic.claude-x", also at the end of an ARN; for an id without a group "anthropic". */
static struct str group_of_id(struct str id)
{
	ptrdiff_t dot;

	id = str_last_part(id);
	dot = str_find_char(id, '.', 0);
	return dot < 0 ? STR_EMPTY : str_slice(id, 0, (size_t)dot);
}

static const struct price *price_of_group(const struct model_row *row, struct str group)
{
	for (size_t i = 0; i < row->prices_len; i++) {
		if (str_eq(row->prices[i].group, group))
			return &row->prices[i].price;
	}
	return NULL;
}

static struct price price_of(const struct model_row *row, struct str id)
{
	struct str group = group_of_id(id);
	const struct price *found = row ? price_of_group(row, group) : NULL;
	struct price price;

	/* GovCloud regions have separate prices, or unknown ones. */
	if (row && !found && !str_eq(group, STR("us-gov")))
		found = price_of_group(row, STR("default"));
	if (!found)
		return unknown_price;
	price = *found;
	price.long_tokens = row->long_input.above_tokens;
	price.long_input = row->long_input.input;
	price.long_output = row->long_input.output;
	return price;
}

/* A tier with an unknown price has no price; it is never guessed. */
static void scale_for_tier(const struct model_table *table, struct str tier, struct model *model)
{
	const struct model_row *row = model_table_row(table, model->id);
	double factor = 0;

	if (!tier.len)
		return;
	if (row)
		factor = str_eq(tier, STR("flex")) ? row->tiers.flex : row->tiers.priority;
	if (factor > 0)
		price_scale(&model->price, factor);
	else
		model->price = unknown_price;
}

/* Figures in the configuration take precedence over the table. */
static struct price price_over(struct price base, const struct price *given)
{
	if (given->input >= 0)
		base.input = given->input;
	if (given->output >= 0)
		base.output = given->output;
	if (given->cache_read >= 0)
		base.cache_read = given->cache_read;
	if (given->cache_write >= 0)
		base.cache_write = given->cache_write;
	if (given->cache_write_hour > 0)
		base.cache_write_hour = given->cache_write_hour;
	else if (given->cache_write >= 0)
		base.cache_write_hour = 0;
	return base;
}

static void describe(const struct model_table *table, struct str family, struct model *model)
{
	const struct model_row *row = model_table_row(table, model->id);

	model->price = price_of(row, model->id);
	/* The configuration takes precedence over the id, which may be an ARN without a family. */
	if (family.len && (!row || !str_eq(row->traits.family, family)))
		row = row_of_family(table, family);
	model->traits = row ? row->traits : unknown_traits;
}

/* ---- Defaults ---- */

static struct inference default_inference(const struct model_config *config,
					  const struct model_traits *traits)
{
	struct inference inference = {
		.max_tokens = model_max_tokens_default(traits),
		.temperature = -1,
		.top_p = -1,
		.top_k = -1,
	};

	if (config) {
		inference.temperature = config->temperature;
		inference.top_p = config->top_p;
		inference.top_k = config->top_k;
		inference.thinking = config->thinking;
		inference.thinking_budget = config->thinking_budget;
		inference.effort = config->effort;
		inference.max_tokens += config->thinking_budget;
	}
	if (traits->output_tokens_max)
		inference.max_tokens = MIN_OF(inference.max_tokens, traits->output_tokens_max);
	if (config && config->max_tokens)
		inference.max_tokens = config->max_tokens;
	return inference;
}

/* ---- Names ---- */

static bool unknown_name(const struct model_request *req, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	size_t configured = req->config ? req->config->models_len : 0;
	struct str *names = ARENA_ARRAY(&arena, struct str, configured + req->table->aliases_len);
	SCOPED(buf) struct buf known = BUF_INIT;
	struct str nearest;
	size_t len = 0;

	for (size_t i = 0; i < configured; i++)
		names[len++] = req->config->models[i].alias;
	for (size_t i = 0; i < req->table->aliases_len; i++)
		names[len++] = req->table->aliases[i].name;
	for (size_t i = 0; i < len; i++)
		buf_addf(&known, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
	nearest = str_nearest(req->name, names, len);
	if (nearest.len)
		return error_set(err, ERROR_CONFIG,
				 "unknown model \"%.*s\"; did you mean \"%.*s\"?",
				 STR_ARG(utf8_cut(req->name, 100)), STR_ARG(nearest));
	return error_set(
		err, ERROR_CONFIG,
		"unknown model \"%.*s\": neither an alias (%s) nor a model id, profile id or ARN",
		STR_ARG(utf8_cut(req->name, 100)), known.ptr);
}

bool model_resolve(const struct model_request *req, struct arena *arena,
		   struct model_choice *choice, struct error *err)
{
	const struct model_config *config =
		req->config ? config_model(req->config, req->name) : NULL;
	struct str named;
	struct str id =
		model_plain_id(config && config->model.len ? config->model : req->name, &named);
	const struct model_alias *alias = model_table_alias(req->table, id);
	struct model model = {.alias = arena_str(arena, req->name), .cache = true, .stream = true};
	struct str previous = STR_EMPTY;
	const struct model_row *row;

	if (!alias && !model_is_id(id))
		return unknown_name(req, err);
	if (config && config->region.len)
		named = config->region;
	if (!choose_region(named, id, req, &model.region, err))
		return false;
	model.region = arena_str(arena, model.region);
	if (alias) {
		model.id = profile_for_region(arena, req->table, &alias->newest, model.region);
		if (!model.id.len)
			return no_profile(req->table, alias, model.region, err);
		previous = profile_for_region(arena, req->table, &alias->previous, model.region);
	} else {
		model.id = arena_str(arena, id);
	}
	describe(req->table, config ? config->family : STR_EMPTY, &model);
	model.inference = default_inference(config, &model.traits);
	if (config) {
		scale_for_tier(req->table, config->service_tier, &model);
		model.price = price_over(model.price, &config->price);
		model.cache = config->cache == CACHE_AUTO;
		model.stream = !config->has_stream || config->stream;
	}
	model.cache = model.cache && model.traits.cache_tokens_min > 0;
	row = model_table_row(req->table, model.id);
	*choice = (struct model_choice){.model = model,
					.config = config,
					.end_of_life = row ? row->end_of_life : STR_EMPTY,
					.previous = previous};
	return true;
}

bool model_resolve_embedder(const struct model_request *req, struct arena *arena,
			    struct model_choice *choice, struct error *err)
{
	const struct embedder_config *embedder =
		req->config ? config_embedder(req->config, req->name) : NULL;
	struct str named;
	struct str id = model_plain_id(embedder ? embedder->model : req->name, &named);
	struct model model = {.alias = arena_str(arena, req->name), .id = arena_str(arena, id)};

	if (!model_is_id(id))
		return error_set(
			err, ERROR_CONFIG,
			"unknown embedder \"%.*s\": neither an entry of embedders: in .github/outcrop.yml nor a model id or ARN",
			STR_ARG(utf8_cut(req->name, 100)));
	if (embedder && embedder->region.len)
		named = embedder->region;
	if (!choose_region(named, id, req, &model.region, err))
		return false;
	model.region = arena_str(arena, model.region);
	describe(req->table, STR_EMPTY, &model);
	model.inference = default_inference(NULL, &model.traits);
	if (embedder)
		model.dimensions = embedder->dimensions;
	*choice = (struct model_choice){.model = model, .embedder = embedder};
	return true;
}
