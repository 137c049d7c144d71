/* Records exchanges in a folder, and answers from such a folder instead of a service. */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include "model/model.h"

/*
 * The wrapper: a ctx for record_ops.  All borrowed.  A recording that cannot be written is an
 * error.
 */
struct recorded_model {
	const struct model *inner;
	const char *dir; /* exists */
};

/* Each successful exchange becomes a file (exchange.h): {"request": ..., "reply": ...}. */
extern const struct model_ops record_ops;

/* Replaces a model: a ctx for replay_ops. */
struct replayed_model {
	const struct model *model; /* whose id goes into the key; never called */
	const char *dir;
};

/*
 * Answers from recordings, without waiting.  ERROR_CONFIG when none matches a request, with the lines in which
 * the nearest recording of the same agent, unit and turn differs.
 */
extern const struct model_ops replay_ops;

#endif
