/* The models of a run: resolved by name, answered by Bedrock, wrapped by the pool. */
#ifndef JOB_MODEL_SET_H
#define JOB_MODEL_SET_H

#include "agent/config.h"
#include "agent/model_table.h"
#include "base/map.h"
#include "bedrock/bedrock.h"
#include "bedrock/doctor.h"
#include "model/layers.h"
#include "task/task.h"

struct models_options {
	const struct model_table *table;
	const struct config *config; /* NULL: none */
	struct str region;           /* of the run */
	struct aws_session *aws;     /* NULL: answers come from recordings */
	struct model_pool_options pool;
	const enum model_api *api; /* for every model; NULL: as each is configured */
};

/* Owns the pool; what the options point to is borrowed.  Zeroed it is empty. */
struct models {
	struct models_options options;
	struct model_pool *pool;
	struct arena arena;
	struct map known; /* name -> const struct model * */
	int depth;        /* of fallbacks under way */
};

void models_init(struct models *models, struct loop *loop, const struct models_options *options);
void models_release(struct models *models);

/*
 * The model for an alias, id, profile or ARN, or for an embedder's name; the same one each time.  NULL
 * with ERROR_CONFIG (unknown, no region, no profile in the region, fallbacks in a circle).  Matches
 * model_lookup: `ctx` is the models.
 */
const struct model *models_find(void *ctx, struct str name, struct error *err);

/* The same for the name of an embedder alone. */
const struct model *models_find_embedder(struct models *models, struct str name,
					 struct error *err) MUST_USE;

/*
 * Resolves a model by name, without its wrappers, for `outcrop doctor`.  `options` needs table,
 * config and region.  ERROR_CONFIG as models_find().
 */
bool models_describe(const struct models_options *options, struct arena *arena, struct str name,
		     struct aws_doctor_model *described, struct error *err) MUST_USE;

/* AWS_RETRY_MODE and AWS_MAX_ATTEMPTS.  ERROR_USAGE for a value that the SDKs would refuse. */
bool models_read_retries(const struct env *env, struct model_pool_options *pool,
			 struct error *err) MUST_USE;

#endif
