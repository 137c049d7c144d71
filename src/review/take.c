/* The findings of one unit: placed, and within its agent's limits. */
#include "review/take.h"

#include "finding/place.h"
#include "review/copy.h"
#include "task/task.h"

void take_drop(struct review_result *result, const struct finding *finding, struct str reason,
	       struct str evidence)
{
	struct arena *arena = &result->findings.arena;

	VEC_PUSH(&result->dropped, (struct dropped){.finding = finding_copy(arena, finding),
						    .reason = arena_str(arena, reason),
						    .evidence = arena_str(arena, evidence)});
}

/* Whether an agent's findings are shown at all, apart from `max_findings`. */
static bool is_above_floor(const struct agent *agent, const struct finding *finding)
{
	return !agent->has_min_severity || finding->severity <= agent->min_severity;
}

/* A finding without a confidence is not below any floor. */
static bool is_sure_enough(const struct agent *agent, const struct finding *finding)
{
	return finding->confidence < 0 || finding->confidence >= agent->min_confidence;
}

/* Whether `a` is kept rather than `b`. */
static bool is_kept_before(const struct finding *a, const struct finding *b)
{
	if (a->severity != b->severity)
		return a->severity < b->severity;
	return a->confidence > b->confidence || (!(a->confidence < b->confidence) && a < b);
}

/* Whether the unit has `max_findings` others that rank higher. Critical and high findings are always kept. */
static bool is_beyond_max(const struct agent *agent, const struct findings *unit, size_t idx)
{
	const struct finding *finding = &unit->items[idx];
	int64_t before = 0;

	if (!agent->max_findings || finding->severity <= SEVERITY_HIGH || !finding_counts(finding))
		return false;
	for (size_t i = 0; i < unit->len; i++)
		before +=
			finding_counts(&unit->items[i]) && is_kept_before(&unit->items[i], finding);
	return before >= agent->max_findings;
}

void take_unit(struct review_run *run, size_t idx, struct findings *into, bool note)
{
	const struct agent *agent = run->plan.units[idx].agent;
	const struct unit_state *state = &run->states[idx];
	SCOPED(findings) struct findings placed = {0};

	for (size_t i = 0; state->status == UNIT_DONE && i < state->findings.len; i++) {
		struct finding finding = finding_copy(&into->arena, &state->findings.items[i]);

		task_breathe();
		placer_place(&run->placer, into, &finding);
		VEC_PUSH(&placed, finding);
	}
	for (size_t i = 0; i < placed.len; i++) {
		const struct finding *finding = &placed.items[i];
		struct str reason = STR_EMPTY;

		if (!is_above_floor(agent, finding))
			reason = arena_printf(&into->arena, "below the agent's min_severity \"%s\"",
					      severity_name(agent->min_severity));
		else if (!is_sure_enough(agent, finding))
			reason = arena_printf(&into->arena, "below the agent's min_confidence %g",
					      agent->min_confidence);
		else if (is_beyond_max(agent, &placed, i))
			reason = arena_printf(&into->arena,
					      "more than the agent's max_findings (%lld)",
					      (long long)agent->max_findings);
		if (!reason.len)
			VEC_PUSH(into, *finding);
		else if (note)
			take_drop(run->result, finding, reason, STR_EMPTY);
	}
}
