/* Sends one attempt at the service's pace and within the permits of the run. */
#ifndef MODEL_GATE_H
#define MODEL_GATE_H

#include "model/limiter.h"
#include "model/model.h"
#include "task/task.h"

/*
 * What all users of one (region, model) share.  A call first waits for the limiter, first come,
 * first served, and only then for a permit, so that no call holds a permit while the service is
 * throttling.
 */
struct gate {
	struct loop *loop;
	struct limiter limiter;
	struct permits turn; /* one: who asks the limiter next */
};

void gate_init(struct gate *gate, struct loop *loop, int64_t requests_per_minute,
	       int64_t tokens_per_minute);

/* The wrapper: a ctx for gate_ops.  All borrowed. */
struct gated_model {
	const struct model *inner; /* one attempt, unguarded */
	struct gate *gate;
	struct permits *permits;
};

extern const struct model_ops gate_ops;

/* How long, at least, a new call would wait, in ms. */
int64_t gate_wait_ms(struct gate *gate);

#endif
