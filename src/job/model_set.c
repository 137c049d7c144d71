/* The models of a run: resolved by name, answered by Bedrock, wrapped by the pool. */
#include "job/model_set.h"

#include "base/log.h"

enum { FALLBACK_DEPTH_MAX = 4 };

void models_init(struct models *models, struct loop *loop, const struct models_options *options)
{
	*models = (struct models){.options = *options};
	models->pool = model_pool_new(loop, &options->pool);
}

void models_release(struct models *models)
{
	if (!models)
		return;
	model_pool_free(models->pool);
	map_release(&models->known);
	arena_release(&models->arena);
	*models = (struct models){0};
}

static struct bedrock_settings settings_of(const struct model_choice *choice)
{
	const struct model_config *config = choice->config;
	struct bedrock_settings settings = {.region = choice->model.region};

	if (!config)
		return settings;
	settings.api = config->api;
	settings.guardrail_id = config->guardrail_id;
	settings.guardrail_version = config->guardrail_version;
	settings.request_fields = config->request_fields;
	settings.service_tier = config->service_tier;
	settings.project = config->project;
	settings.access_key_id = &config->access_key_id;
	settings.secret_access_key = &config->secret_access_key;
	settings.session_token = &config->session_token;
	return settings;
}

/* A built-in alias falls back to the previous model of that kind. */
static bool find_previous(struct models *models, struct str previous,
			  struct model_pool_entry *entry, struct error *err)
{
	const struct model **fallbacks = ARENA_ARRAY(&models->arena, const struct model *, 1);

	if (!previous.len || models->depth) /* the configuration lists fallbacks: no others */
		return true;
	fallbacks[0] = models_find(models, previous, err);
	entry->fallbacks = fallbacks;
	entry->fallbacks_len = 1;
	entry->fallbacks_implied = true;
	return fallbacks[0] != NULL;
}

/* The models that a configured one falls back to, in order. */
static bool find_fallbacks(struct models *models, const struct model_choice *choice,
			   struct model_pool_entry *entry, struct error *err)
{
	const struct model_config *config = choice->config;
	const struct model **fallbacks;

	if (!config || !config->fallback.len)
		return find_previous(models, choice->previous, entry, err);
	if (models->depth >= FALLBACK_DEPTH_MAX)
		return error_set(err, ERROR_CONFIG,
				 "models.%.*s.fallback: a chain of more than %d models, or a cycle",
				 STR_ARG(config->alias), FALLBACK_DEPTH_MAX);
	models->depth++;
	fallbacks = ARENA_ARRAY(&models->arena, const struct model *, config->fallback.len);
	for (size_t i = 0; i < config->fallback.len; i++) {
		fallbacks[i] = models_find(models, config->fallback.items[i], err);
		if (!fallbacks[i])
			break;
		entry->fallbacks_len = i + 1;
	}
	models->depth--;
	entry->fallbacks = fallbacks;
	return entry->fallbacks_len == config->fallback.len ||
	       error_wrap(err, "models.%.*s.fallback", STR_ARG(config->alias));
}

static const struct model *add(struct models *models, struct str name, struct model_choice *choice,
			       struct error *err)
{
	struct bedrock_settings settings = settings_of(choice);
	struct model *inner = ARENA_NEW(&models->arena, struct model);
	struct model_pool_entry entry = {.inner = inner};
	const struct model *model;

	if (models->options.api)
		settings.api = *models->options.api;
	*inner = choice->model;
	if (models->options.aws && !bedrock_model_init(models->options.aws, inner, &settings, err))
		return NULL;
	if (!find_fallbacks(models, choice, &entry, err))
		return NULL;
	if (choice->config) {
		entry.requests_per_minute = choice->config->requests_per_minute;
		entry.tokens_per_minute = choice->config->tokens_per_minute;
	}
	model = model_pool_add(models->pool, &entry);
	map_put(&models->known, arena_str(&models->arena, name), (void *)(uintptr_t)model);
	log_debug("models", "%.*s is %.*s in %.*s", STR_ARG(name), STR_ARG(model->id),
		  STR_ARG(model->region));
	return model;
}

static struct model_request request_for(const struct models *models, struct str name)
{
	return (struct model_request){
		.table = models->options.table,
		.config = models->options.config,
		.name = name,
		.region = models->options.region,
	};
}

const struct model *models_find_embedder(struct models *models, struct str name, struct error *err)
{
	struct model_request request = request_for(models, name);
	const struct model *known = map_get(&models->known, name);
	struct model_choice choice;

	if (known)
		return known;
	if (!model_resolve_embedder(&request, &models->arena, &choice, err))
		return NULL;
	return add(models, name, &choice, err);
}

const struct model *models_find(void *ctx, struct str name, struct error *err)
{
	struct models *models = ctx;
	struct model_request request = request_for(models, name);
	const struct model *known = map_get(&models->known, name);
	struct model_choice choice;

	if (known)
		return known;
	if (models->options.config && config_embedder(models->options.config, name))
		return models_find_embedder(models, name, err);
	if (!model_resolve(&request, &models->arena, &choice, err))
		return NULL;
	return add(models, name, &choice, err);
}

bool models_describe(const struct models_options *options, struct arena *arena, struct str name,
		     struct aws_doctor_model *described, struct error *err)
{
	struct model_request request = {
		.table = options->table,
		.config = options->config,
		.name = name,
		.region = options->region,
	};
	struct model_choice choice;

	if (!model_resolve(&request, arena, &choice, err))
		return false;
	*described =
		(struct aws_doctor_model){choice.model, settings_of(&choice), choice.end_of_life};
	return true;
}

bool models_read_retries(const struct env *env, struct model_pool_options *pool, struct error *err)
{
	struct str mode = env_get(env, "AWS_RETRY_MODE");

	if (mode.len && !retry_mode_parse(mode, &pool->retry_mode))
		return error_set(err, ERROR_USAGE,
				 "AWS_RETRY_MODE \"%.*s\": must be standard, adaptive or legacy",
				 STR_ARG(mode));
	if (!aws_attempts_read(env, &pool->attempts_max, err))
		return false;
	/* A bound on attempts has the meaning that it has in the SDKs. */
	if (pool->attempts_max && pool->retry_mode == RETRY_PATIENT)
		pool->retry_mode = RETRY_2_1;
	return true;
}
