/* Recording exchanges into a folder, and answering from such a folder instead of a service. */
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

/* Each exchange that went well becomes a file (exchange.h): {"request": ..., "reply": ...}. */
extern const struct model_ops record_ops;

/* Replaces a model: a ctx for replay_ops. */
struct replayed_model {
	const struct model *model; /* whose id goes into the key; never called */
	const char *dir;
};

/*
 * Answers from recordings, at once.  ERROR_CONFIG when there is none for a request, with the lines
 * in which the nearest recording of the same agent, unit and turn differs.
 */
extern const struct model_ops replay_ops;

#endif
