/* A plan of the change that a target holds, with the agents of a session. */
#include "cli/planning.h"

#include "review/plan_text.h"
#include "review/prepare.h"
#include "value/json.h"

void planning_release(struct planning *planning)
{
	if (!planning)
		return;
	plan_release(&planning->plan);
	diff_release(&planning->clean);
}

bool planning_make(struct planning *planning, struct session *session, const struct target *target,
		   struct error *err)
{
	struct review review = {
		.change = &target->change,
		.agents = &session->agents,
		.default_model = session->default_model,
		.options = session->options,
		.models = models_find,
		.models_ctx = &session->models,
	};

	diff_redact(&planning->clean, &target->diff);
	return plan_make(&planning->plan, &review, &planning->clean, err);
}

void planning_add_matrix(struct buf *out, const struct planning *planning,
			 const struct target *target)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	json_write(out,
		   plan_matrix(&arena, &planning->plan, target->change.head_commit,
			       target->change.base_commit),
		   JSON_COMPACT);
}
