/* Wraps a model: record( fallback( retry( gate( service ) ) ) ), or a replay instead of all layers. */
#include "model/layers.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/fallback.h"
#include "model/record.h"

/* Shared by all models of one (region, id). */
struct shared {
	struct gate gate;
	struct retry_quota quota;
};

/* One model with its layers; layers that it does not need stay zeroed. */
struct wrapped {
	struct gated_model gated_ctx;
	struct retried_model retried_ctx;
	struct fallback_model fallback_ctx;
	struct recorded_model recorded_ctx;
	struct replayed_model replayed_ctx;
	struct model gated, retried, fallen, outer;
};

struct model_pool {
	struct loop *loop;
	struct model_pool_options options;
	struct permits permits;
	struct arena arena;
	struct map shared; /* "region id" -> struct shared *, in the arena */
};

struct model_pool *model_pool_new(struct loop *loop, const struct model_pool_options *options)
{
	struct model_pool *pool = NEW(struct model_pool);

	assert(!options->record_dir || !options->replay_dir);
	pool->loop = loop;
	pool->options = *options;
	permits_init(&pool->permits, loop, MAX_OF(options->max_concurrency, 1));
	return pool;
}

void model_pool_free(struct model_pool *pool)
{
	if (!pool)
		return;
	map_release(&pool->shared);
	arena_release(&pool->arena);
	free(pool);
}

static struct shared *shared_of(struct model_pool *pool, const struct model_pool_entry *entry)
{
	struct str key = arena_printf(&pool->arena, "%.*s %.*s", STR_ARG(entry->inner->region),
				      STR_ARG(entry->inner->id));
	struct shared *shared = map_get(&pool->shared, key);

	if (shared)
		return shared;
	shared = ARENA_NEW(&pool->arena, struct shared);
	gate_init(&shared->gate, pool->loop, entry->requests_per_minute, entry->tokens_per_minute);
	retry_quota_init(&shared->quota);
	map_put(&pool->shared, key, shared);
	return shared;
}

/* The same model with one more layer. */
static struct model behind(const struct model *model, const struct model_ops *ops, void *ctx)
{
	struct model outer = *model;

	outer.ops = ops;
	outer.ctx = ctx;
	return outer;
}

static void wrap_service(struct model_pool *pool, struct wrapped *wrapped,
			 const struct model_pool_entry *entry)
{
	struct shared *shared = shared_of(pool, entry);

	wrapped->gated_ctx = (struct gated_model){entry->inner, &shared->gate, &pool->permits};
	wrapped->gated = behind(entry->inner, &gate_ops, &wrapped->gated_ctx);
	wrapped->retried_ctx = (struct retried_model){
		.inner = &wrapped->gated,
		.gate = &shared->gate,
		.quota = &shared->quota,
		.random = pool->options.random,
		.mode = pool->options.retry_mode,
		.has_fallback = entry->fallbacks_len > 0 && !entry->fallbacks_implied,
		.attempts_max = pool->options.attempts_max,
	};
	wrapped->retried = behind(entry->inner, &retry_ops, &wrapped->retried_ctx);
	wrapped->fallen = wrapped->retried;
}

static void add_fallbacks(struct wrapped *wrapped, const struct model_pool_entry *entry)
{
	struct fallback_model *fallback = &wrapped->fallback_ctx;

	assert(entry->fallbacks_len < FALLBACK_MODELS_MAX);
	fallback->only_when_gone = entry->fallbacks_implied;
	fallback->models[fallback->len++] = &wrapped->retried;
	for (size_t i = 0; i < entry->fallbacks_len; i++)
		fallback->models[fallback->len++] = entry->fallbacks[i];
	wrapped->fallen = behind(&wrapped->retried, &fallback_ops, fallback);
	for (size_t i = 0; i < entry->fallbacks_len; i++)
		price_raise(&wrapped->fallen.price_max, &entry->fallbacks[i]->price);
}

const struct model *model_pool_add(struct model_pool *pool, const struct model_pool_entry *entry)
{
	struct wrapped *wrapped = ARENA_NEW(&pool->arena, struct wrapped);
	const struct model_pool_options *options = &pool->options;

	if (options->replay_dir) {
		wrapped->replayed_ctx = (struct replayed_model){entry->inner, options->replay_dir};
		wrapped->outer = behind(entry->inner, &replay_ops, &wrapped->replayed_ctx);
		return &wrapped->outer;
	}
	wrap_service(pool, wrapped, entry);
	if (entry->fallbacks_len)
		add_fallbacks(wrapped, entry);
	wrapped->outer = wrapped->fallen;
	if (options->record_dir) {
		wrapped->recorded_ctx =
			(struct recorded_model){&wrapped->fallen, options->record_dir};
		wrapped->outer = behind(&wrapped->fallen, &record_ops, &wrapped->recorded_ctx);
	}
	return &wrapped->outer;
}
