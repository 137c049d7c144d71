/* A plan of the change that a target holds, with the agents of a session. */
#include "job/plan.h"

#include "review/plan_files.h"
#include "review/plan_value.h"
#include "review/redacted.h"
#include "value/json.h"

void change_plan_release(struct change_plan *plan)
{
	if (!plan)
		return;
	plan_release(&plan->plan);
	diff_release(&plan->clean);
}

bool change_plan_make(struct change_plan *plan, struct session *session,
		      const struct target *target, struct error *err)
{
	struct review review = {
		.change = &target->change,
		.agents = &session->agents,
		.default_model = session->settled.model,
		.options = session->settled.review,
		.models = models_find,
		.models_ctx = &session->models,
	};

	diff_redact(&plan->clean, &target->diff);
	return plan_make(&plan->plan, &review, &plan->clean, err) &&
	       plan_read_files(&plan->plan, &review, err);
}

void change_plan_add_matrix(struct buf *out, const struct change_plan *plan,
			    const struct target *target)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	json_write(out,
		   plan_matrix(&arena, &plan->plan, target->change.head_commit,
			       target->change.base_commit),
		   JSON_COMPACT);
}
