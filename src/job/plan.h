/* A plan of the change that a target holds, with the agents of a session. */
#ifndef JOB_PLAN_H
#define JOB_PLAN_H

#include "job/setup.h"
#include "job/target.h"
#include "review/plan.h"

/* Owns the plan and the change that it was made of.  Zeroed it is empty. */
struct change_plan {
	struct diff clean; /* the change as models would see it */
	struct plan plan;
};

void change_plan_release(struct change_plan *plan);

/*
 * Plans.  The session is loaded and connected (session_connect() with `online` false is enough), and the target's
 * change has been read.
 */
bool change_plan_make(struct change_plan *plan, struct session *session,
		      const struct target *target, struct error *err) MUST_USE;

/* Appends the matrix of the plan's shards as one line of JSON, without a line break. */
void change_plan_add_matrix(struct buf *out, const struct change_plan *plan,
			    const struct target *target);

#endif
