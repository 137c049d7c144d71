/* Other models, in order, when one is unavailable, denied or exhausted. */
#ifndef MODEL_FALLBACK_H
#define MODEL_FALLBACK_H

#include "model/model.h"

enum { FALLBACK_MODELS_MAX = 8 };

/*
 * The wrapper: a ctx for fallback_ops.  Each model has its retries already.  A model that is denied
 * or does not exist is not asked again in this run.  The reply's `model` and `price` say which
 * model answered.
 */
struct fallback_model {
	const struct model *models[FALLBACK_MODELS_MAX]; /* the first is the configured one */
	size_t len;
	/* The others are not configured: only a model that the account cannot use is replaced. */
	bool only_when_gone;
	bool gone[FALLBACK_MODELS_MAX];
};

extern const struct model_ops fallback_ops;

#endif
