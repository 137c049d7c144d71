/* What a run may spend: model calls and dollars, reserved before a call and settled after it. */
#ifndef REVIEW_BUDGET_H
#define REVIEW_BUDGET_H

#include "review/result.h"
#include "task/task.h"

/* Zeroed, then budget_init().  Money is in USD; a negative maximum means no limit. */
struct budget {
	struct loop *loop;
	int64_t calls, calls_max; /* calls_max 0: no maximum */
	double spent, reserved, cost_max;
	int in_flight;        /* reservations not yet settled */
	struct latch settled; /* opened when one is */
};

/* The same for one agent of the run (limits.cost_usd). */
struct spending {
	double spent, reserved, cost_max;
	int in_flight;
};

void budget_init(struct budget *budget, struct loop *loop, int64_t calls_max, double cost_max);

/*
 * Takes one call and its worst cost out of both.  While other calls in flight hold the budget, waits
 * until enough of them are settled; ERROR_LIMIT when the budget cannot suffice, with *cause set when it is the
 * run's limit and not the agent's.  Also fails when cancelled.
 */
struct budget_request {
	struct spending *agent;
	double worst_usd;
};
bool budget_reserve(struct budget *budget, const struct budget_request *request,
		    enum stop_cause *cause, struct error *err) MUST_USE;

/* Each reservation is settled once; `actual_usd` negative (unknown) counts as the worst. */
void budget_settle(struct budget *budget, struct spending *agent, double worst_usd,
		   double actual_usd);

#endif
