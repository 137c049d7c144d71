/* Reads and checks the configuration file. */
#include "agent/config_read.h"

#include "agent/config_keys.h"
#include "agent/config_tables.h"
#include "agent/expand.h"
#include "base/utf8.h"
#include "value/yaml.h"

/* ---- From the decoded tables to the structure that others use ---- */

static struct position entry_at(const struct value *entries, size_t idx)
{
	return value_is(entries, VALUE_OBJECT) ? entries->object.members[idx].name_at
					       : (struct position){0};
}

static void take_thinking(const struct raw_thinking *raw, struct model_config *model)
{
	model->thinking_budget = raw->budget_tokens;
	if (raw->effort >= 0)
		model->effort = str_from(effort_names[raw->effort]);
	switch (raw->type) {
	case RAW_THINKING_ENABLED:
		model->thinking = THINKING_BUDGET;
		break;
	case RAW_THINKING_ADAPTIVE:
		model->thinking = THINKING_ADAPTIVE;
		break;
	case RAW_THINKING_DISABLED:
		model->thinking = THINKING_DISABLED;
		break;
	case RAW_THINKING_UNSET:
		model->thinking = raw->budget_tokens ? THINKING_BUDGET
				  : raw->effort >= 0 ? THINKING_ADAPTIVE
						     : THINKING_OFF;
		break;
	}
}

static void take_model(const struct raw_model *raw, struct model_config *model)
{
	*model = (struct model_config){
		.alias = raw->alias,
		.model = raw->model,
		.region = raw->region,
		.api = raw->api,
		.stream = raw->stream,
		.has_stream = raw->has_stream,
		.max_tokens = raw->max_tokens,
		.cache = raw->cache,
		.guardrail_id = raw->guardrail.id,
		.guardrail_version = raw->guardrail.version,
		.family = raw->family >= 0 ? str_from(family_names[raw->family]) : STR_EMPTY,
		.request_fields = raw->request_fields,
		.fallback = raw->fallback,
		.requests_per_minute = raw->limits.requests_per_minute,
		.tokens_per_minute = raw->limits.tokens_per_minute,
		.price = raw->price,
		.temperature = raw->temperature,
		.top_p = raw->top_p,
		.top_k = raw->top_k,
	};
	take_thinking(&raw->thinking, model);
	if (raw->effort >= 0)
		model->effort = str_from(effort_names[raw->effort]);
	if (raw->service_tier >= 0)
		model->service_tier = str_from(tier_names[raw->service_tier]);
	model->project = raw->project;
}

/* ---- Checks on one entry and on all ---- */

struct config_check {
	const struct config_source *source;
	const struct config *config;
	struct problems *problems;
	size_t decoded;             /* how many problems decoding found */
	struct position models_end; /* where the key behind `models:` is; line 0: it is the last */
};

static void PRINTF(3, 4)
	wrong(const struct config_check *check, struct position at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	problem_vadd(check->problems, check->source->file, at, PROBLEM_ERROR, fmt, args);
	va_end(args);
}

static struct str family_of(const struct config_check *check, const struct model_config *model)
{
	const struct model_table *table = check->source->table;
	const struct model_alias *alias =
		model_table_alias(table, model->model.len ? model->model : model->alias);
	const struct model_row *row =
		model_table_row(table, alias ? alias->newest.id : model->model);

	if (model->family.len)
		return model->family;
	return row ? row->traits.family : STR_EMPTY;
}

static void check_thinking(const struct config_check *check, const struct model_config *model)
{
	bool sampling = model->temperature >= 0 || model->top_p >= 0 || model->top_k >= 0;

	if (model->thinking == THINKING_OFF || model->thinking == THINKING_DISABLED)
		return;
	if (sampling)
		wrong(check, model->at,
		      "model \"%.*s\": thinking cannot be combined with temperature, top_p or top_k: remove one of them",
		      STR_ARG(model->alias));
	if (model->thinking == THINKING_BUDGET && !model->thinking_budget)
		wrong(check, model->at, "model \"%.*s\": thinking needs budget_tokens",
		      STR_ARG(model->alias));
	if (model->thinking == THINKING_BUDGET && model->max_tokens &&
	    model->thinking_budget >= model->max_tokens)
		wrong(check, model->at,
		      "model \"%.*s\": thinking.budget_tokens (%lld) must be below max_tokens (%lld), which holds the answer too",
		      STR_ARG(model->alias), (long long)model->thinking_budget,
		      (long long)model->max_tokens);
	if (model->thinking == THINKING_ADAPTIVE && model->thinking_budget)
		wrong(check, model->at,
		      "model \"%.*s\": thinking of type adaptive takes an effort, no budget_tokens",
		      STR_ARG(model->alias));
}

/* True when `name` is an alias of the configuration or of the table, or an id. */
static bool model_known(const struct config *config, const struct model_table *table,
			struct str name)
{
	return config_model(config, name) || model_table_alias(table, name) || model_is_id(name);
}

static void check_named(const struct config_check *check, struct position at, const char *what,
			struct str name)
{
	struct model_request req = {
		.table = check->source->table,
		.config = check->config,
		.name = name,
	};
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model_choice choice;
	struct error err;

	/* The error of an unknown name is found before the one of a missing region. */
	if (!name.len || model_known(check->config, check->source->table, name))
		return;
	if (!model_resolve(&req, &arena, &choice, &err))
		wrong(check, at, "%s: %s", what, err.message);
}

static void check_model(const struct config_check *check, const struct model_config *model)
{
	const struct model_table *table = check->source->table;

	if (!model->model.len && !model_table_alias(table, model->alias))
		wrong(check, model->at, "model \"%.*s\": \"model\" is missing",
		      STR_ARG(model->alias));
	else if (model->model.len && !model_is_id(model->model) &&
		 !model_table_alias(table, model->model))
		wrong(check, model->at,
		      "model \"%.*s\": \"model\" must be a model id, a profile id or an ARN",
		      STR_ARG(model->alias));
	if (model->temperature >= 0 && model->top_p >= 0 &&
	    str_eq(family_of(check, model), STR("claude")))
		wrong(check, model->at,
		      "model \"%.*s\": Claude models take temperature or top_p, not both",
		      STR_ARG(model->alias));
	check_thinking(check, model);
	for (size_t i = 0; i < model->fallback.len; i++) {
		if (str_eq(model->fallback.items[i], model->alias))
			wrong(check, model->at, "model \"%.*s\": falls back to itself",
			      STR_ARG(model->alias));
		else
			check_named(check, model->at, "fallback", model->fallback.items[i]);
	}
}

static bool is_before(struct position a, struct position b)
{
	return a.line < b.line || (a.line == b.line && a.column < b.column);
}

/* Whether decoding reported an error in an entry: its data is then incomplete. */
static bool has_error(const struct config_check *check, const struct value *entries, size_t idx)
{
	struct position from = entry_at(entries, idx);
	bool is_last = idx + 1 >= value_len(entries);
	struct position end = is_last ? check->models_end : entry_at(entries, idx + 1);

	for (size_t i = 0; i < check->decoded; i++) {
		struct position at = check->problems->items[i].at;

		if (check->problems->items[i].level == PROBLEM_ERROR && !is_before(at, from) &&
		    (!end.line || is_before(at, end)))
			return true;
	}
	return false;
}

static bool take_models(struct arena *arena, const struct config_check *check,
			const struct list *list, const struct value *entries, struct config *config)
{
	const struct raw_model *raw = list->items;
	size_t errors = check->problems->errors;

	config->models = ARENA_ARRAY(arena, struct model_config, list->len);
	config->models_len = list->len;
	for (size_t i = 0; i < list->len; i++) {
		struct model_config *model = &config->models[i];

		take_model(&raw[i], model);
		model->at = entry_at(entries, i);
		if (has_error(check, entries, i))
			continue;
		if (!config_keys_take(&raw[i], model))
			wrong(check, model->at,
			      "model \"%.*s\": api_key must be \"ACCESS_KEY:SECRET_KEY\"",
			      STR_ARG(model->alias));
		if (secret_is_set(&model->access_key_id) !=
		    secret_is_set(&model->secret_access_key))
			wrong(check, model->at,
			      "model \"%.*s\": access_key_id and secret_access_key go together",
			      STR_ARG(model->alias));
	}
	for (size_t i = 0; i < list->len; i++) {
		if (!has_error(check, entries, i))
			check_model(check, &config->models[i]);
	}
	return check->problems->errors == errors;
}

static void take_embedders(struct arena *arena, const struct list *list,
			   const struct value *entries, struct config *config)
{
	const struct raw_embedder *raw = list->items;

	config->embedders = ARENA_ARRAY(arena, struct embedder_config, list->len);
	config->embedders_len = list->len;
	for (size_t i = 0; i < list->len; i++)
		config->embedders[i] = (struct embedder_config){
			.alias = raw[i].alias,
			.model = raw[i].model,
			.region = raw[i].region,
			.dimensions = raw[i].dimensions,
			.at = entry_at(entries, i),
		};
}

/* ---- The file ---- */

/* Where the list of agents names each; NULL when it is no list of as many. */
static const struct position *agent_places(struct arena *arena, const struct value *list,
					   size_t count)
{
	bool fits = value_is(list, VALUE_ARRAY) && value_len(list) == count;
	struct position *places = fits ? ARENA_ARRAY(arena, struct position, count) : NULL;

	for (size_t i = 0; places && i < count; i++)
		places[i] = value_at(list, i)->at;
	return places;
}

/* Converts the decoded file to the structure that others use. */
static bool take_config(struct arena *arena, const struct config_check *check,
			const struct raw_config *raw, const struct value *root, struct config *read)
{
	size_t errors = check->problems->errors;
	const struct value *defaults = value_get(root, "defaults");
	const struct value *tiers = value_get(root, "tiers");

	read->agents = raw->agents;
	read->agents_at = agent_places(arena, value_get(root, "agents"), raw->agents.len);
	read->default_model = raw->defaults.model;
	read->max_concurrency = raw->defaults.max_concurrency;
	read->min_confidence = raw->defaults.min_confidence;
	read->has_min_severity = raw->defaults.has_min_severity;
	read->min_severity = raw->defaults.min_severity;
	read->has_inline_severity = raw->defaults.has_inline_severity;
	read->inline_severity = raw->defaults.inline_severity;
	read->language = raw->defaults.language;
	read->chunk_tokens = raw->defaults.chunk.tokens;
	read->ignore = raw->ignore;
	read->guidance = raw->guidance;
	read->has_guidance = raw->has_guidance;
	read->tiers = raw->tiers;
	read->skip = raw->skip;
	read->hints = raw->hints;
	read->instructions = raw->instructions.items;
	read->instructions_len = raw->instructions.len;
	take_embedders(arena, &raw->embedders, value_get(root, "embedders"), read);
	if (!take_models(arena, check, &raw->models, value_get(root, "models"), read))
		return false;
	check_named(check, defaults ? defaults->at : root->at, "defaults.model",
		    read->default_model);
	check_named(check, tiers ? tiers->at : root->at, "tiers.trivial.model",
		    read->tiers.trivial.model);
	check_named(check, tiers ? tiers->at : root->at, "tiers.sensitive.model",
		    read->tiers.sensitive.model);
	return check->problems->errors == errors;
}

static struct position end_of_models(const struct value *root)
{
	size_t len = value_is(root, VALUE_OBJECT) ? root->object.len : 0;

	for (size_t i = 0; i + 1 < len; i++) {
		if (str_eq(root->object.members[i].name, STR("models")))
			return root->object.members[i + 1].name_at;
	}
	return (struct position){0};
}

bool config_read(struct arena *arena, const struct config_source *source, struct problems *problems,
		 struct config *config)
{
	struct raw_config raw = {0};
	struct config read = {.file = arena_str(arena, source->file)};
	struct decoder decoder = {.arena = arena, .file = source->file, .problems = problems};
	struct config_check check = {.source = source, .config = &read, .problems = problems};
	struct expansion expansion = {
		.arena = arena,
		.env = source->env,
		.text = source->text,
		.file = source->file,
		.problems = problems,
		.is_secret = config_key_is_secret,
	};
	size_t errors = problems->errors;
	struct value *root = yaml_read(arena, source->text, source->file, problems);
	struct value *models = value_get(root, "models");
	bool ok;

	if (!root)
		return false;
	/* A file with only comments is an empty configuration. */
	if (root->kind == VALUE_NULL)
		root = value_object(arena);
	config_keys_warn(source->file, models, problems);
	for (size_t i = 0; value_is(models, VALUE_OBJECT) && i < models->object.len; i++)
		expand_variables(&expansion, &raw_model_fields, models->object.members[i].value);
	ok = fields_decode(&decoder, &config_fields, root, &raw) && problems->errors == errors;
	check.decoded = problems->len;
	check.models_end = end_of_models(root);
	/* Checks everything that could be read, to report every problem in one pass. */
	ok = take_config(arena, &check, &raw, root, &read) && ok;
	config_keys_wipe(models, &raw.models);
	if (ok)
		*config = read;
	else
		config_release(&read);
	return ok;
}

/* ---- What agents name ---- */

static struct position item_at(const struct strings *strings, size_t idx, struct position otherwise)
{
	const struct value *item = value_is(strings->source, VALUE_ARRAY)
					   ? value_at(strings->source, idx)
					   : strings->source;

	return item ? item->at : otherwise;
}

/* Compares the settings of an agent with those of the model's entry. */
static void check_inference(const struct agent *agent, const struct model_config *model,
			    struct problems *problems)
{
	const struct agent_inference *own = &agent->inference;
	bool sampling = own->temperature >= 0 || own->top_p >= 0;

	if (!model || model->thinking == THINKING_OFF || model->thinking == THINKING_DISABLED)
		return;
	if (sampling)
		problem_add(
			problems, agent->file, agent->at, PROBLEM_WARNING,
			"inference: temperature and top_p are not sent: the model \"%.*s\" thinks, which excludes them",
			STR_ARG(model->alias));
	if (own->max_tokens && model->thinking_budget >= own->max_tokens)
		problem_add(
			problems, agent->file, agent->at, PROBLEM_ERROR,
			"inference.max_tokens: must be above the %lld tokens that the model \"%.*s\" may think",
			(long long)model->thinking_budget, STR_ARG(model->alias));
}

static void check_agent(const struct config *config, const struct model_table *table,
			const struct agent *agent, struct problems *problems)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct model_choice choice;
	struct error err;

	for (size_t i = 0; i < agent->models.len; i++) {
		struct model_request req = {
			.table = table, .config = config, .name = agent->models.items[i]};

		if (!model_known(config, table, req.name) &&
		    !model_resolve(&req, &arena, &choice, &err))
			problem_add(problems, agent->file, item_at(&agent->models, i, agent->at),
				    PROBLEM_ERROR, "%s", err.message);
		check_inference(agent, config_model(config, req.name), problems);
	}
	if (!agent->models.len)
		check_inference(agent,
				config_model(config, config->default_model.len
							     ? config->default_model
							     : STR(MODEL_DEFAULT)),
				problems);
	if (agent->has_retrieve && !config_embedder(config, agent->retrieve.embedder) &&
	    !model_is_id(agent->retrieve.embedder))
		problem_add(
			problems, agent->file, item_at(&agent->retrieve.paths, 0, agent->at),
			PROBLEM_ERROR,
			"unknown embedder \"%.*s\": add it under embedders: in the configuration",
			STR_ARG(utf8_cut(agent->retrieve.embedder, 80)));
}

bool config_check_agents(const struct config *config, const struct model_table *table,
			 const struct agents *agents, struct problems *problems)
{
	size_t errors = problems->errors;

	for (size_t i = 0; i < agents->len; i++)
		check_agent(config, table, &agents->items[i], problems);
	return problems->errors == errors;
}
