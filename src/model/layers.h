/* The models of one process, each with its wrappers in the right order. */
#ifndef MODEL_LAYERS_H
#define MODEL_LAYERS_H

#include "model/model.h"
#include "model/retry.h"
#include "task/task.h"

struct model_pool;

struct model_pool_options {
	int max_concurrency; /* calls in flight, over all models */
	enum retry_mode retry_mode;
	int attempts_max;       /* AWS_MAX_ATTEMPTS; 0: not set */
	struct random *random;  /* borrowed */
	const char *record_dir; /* borrowed; NULL: none.  Not together with replay_dir */
	const char *replay_dir;
};

/* Owns the wrappers; what they wrap is borrowed. */
struct model_pool *model_pool_new(struct loop *loop,
				  const struct model_pool_options *options) MUST_USE;
void model_pool_free(struct model_pool *pool);
DEFINE_OWNED(model_pool);

/* A bare model: one attempt a call, and what the configuration says of its limits (0: nothing). */
struct model_pool_entry {
	const struct model *inner;
	int64_t requests_per_minute, tokens_per_minute;
	const struct model *const *fallbacks; /* as model_pool_add() gave them */
	size_t fallbacks_len;                 /* at most FALLBACK_MODELS_MAX - 1 */
	bool fallbacks_implied; /* not configured: for a model that the account cannot use, only */
};

/*
 * Returns the model with its wrappers: record or replay, fallback, retry, the pace that its service allows
 * (shared by all models of the same region and id), and the permits.  It lives as long as the pool.
 */
const struct model *model_pool_add(struct model_pool *pool, const struct model_pool_entry *entry);

#endif
