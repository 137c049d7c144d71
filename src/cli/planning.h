/* A plan of the change that a target holds, with the agents of a session. */
#ifndef CLI_PLANNING_H
#define CLI_PLANNING_H

#include "cli/session.h"
#include "cli/target.h"
#include "review/plan.h"

/* Owns the plan and the change that it was made of.  Zeroed it is empty. */
struct planning {
	struct diff clean; /* the change as models would see it */
	struct plan plan;
};

void planning_release(struct planning *planning);

/* Plans; the session is loaded and connected (offline will do), the target's change is read. */
bool planning_make(struct planning *planning, struct session *session, const struct target *target,
		   struct error *err) MUST_USE;

/* Appends the matrix of the plan's shards as one line of JSON, without a line break. */
void planning_add_matrix(struct buf *out, const struct planning *planning,
			 const struct target *target);

#endif
