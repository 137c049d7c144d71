/* Coverage: each file is reviewed, or listed with a reason. */
#include "review/coverage.h"

#include <stdlib.h>

/* The first shortcoming of each file; NULL: none. */
static void note_units(const struct run *run, const struct unit_state **problems)
{
	for (size_t i = 0; i < run->plan.units_len; i++) {
		const struct unit *unit = &run->plan.units[i];
		const struct unit_state *state = &run->states[i];
		if (state->status == UNIT_DONE)
			continue;
		for (size_t j = 0; j < unit->view.len; j++) {
			const struct unit_state **problem = &problems[unit->view.parts[j].file];
			if (!*problem)
				*problem = state;
		}
	}
}

/* Files of chunks that another shard reviews. */
static void note_shards(const struct run *run, bool *elsewhere)
{
	const struct plan *plan = &run->plan;
	int shard = run->review->options.shard;

	for (size_t i = 0; plan->shard_of && shard && i < plan->chunks_len; i++)
		for (size_t j = 0; plan->shard_of[i] != shard && j < plan->chunks[i].len; j++)
			elsewhere[plan->chunks[i].parts[j].file] = true;
}

/* Short: the agent's own row has the error. */
static struct str stop_reason(const struct run *run, const struct unit_state *state)
{
	const struct unit *unit = &run->plan.units[state - run->states];

	if (state->status == UNIT_STOPPED && run->stopped != STOPPED_NOT)
		return str_from(stop_cause_text(run->stopped));
	return arena_printf(&run->result->findings.arena, "agent '%.*s' has no complete result",
			    STR_ARG(unit->agent->name));
}

void coverage_fill(struct run *run)
{
	const struct plan *plan = &run->plan;
	struct arena *arena = &run->result->findings.arena;
	struct coverage *coverage = &run->result->coverage;
	const struct unit_state **problems =
		NEW_ARRAY(const struct unit_state *, plan->diff->len + 1);
	bool *elsewhere = NEW_ARRAY(bool, plan->diff->len + 1);

	note_units(run, problems);
	note_shards(run, elsewhere);
	coverage->files = plan->coverage.files;
	for (size_t i = 0; i < plan->coverage.skipped_len; i++) {
		const struct skipped_file *file = &plan->coverage.skipped[i];
		coverage_skip(arena, coverage, file->path, file->reason, file->by_rule);
	}
	for (size_t i = 0; i < plan->diff->len; i++) {
		struct str path = plan->diff->files[i].path;
		if (plan->skipped[i])
			continue;
		if (problems[i])
			coverage_skip(arena, coverage, path, stop_reason(run, problems[i]), false);
		else if (elsewhere[i])
			coverage_skip(arena, coverage, path, STR(COVERAGE_OTHER_SHARD), true);
		else
			coverage->reviewed++;
	}
	free(elsewhere);
	free(problems);
}
