/* The state of one run, which the files of this folder share. */
#include "review/review_run.h"

void run_wake(struct review_run *run)
{
	latch_open(&run->wake);
}

int64_t run_elapsed_ms(const struct review_run *run)
{
	return clock_ms(loop_clock(run->loop)) - run->started_ms;
}

struct agent_result *run_row(struct review_run *run, const struct unit *unit)
{
	return &run->result->agents.items[unit->row];
}

void run_count_usage(struct review_run *run, const struct model *model, const struct usage *usage)
{
	struct review_result *result = run->result;
	double cost = price_cost(&model->price, usage);

	usage_add(&result->usage, usage);
	result->cost_usd = cost < 0 || result->cost_usd < 0 ? -1 : result->cost_usd + cost;
}

bool run_note_cancel(struct review_run *run)
{
	const struct group *cause = NULL;

	for (const struct group *group = &run->group; group; group = group->parent) {
		if (group->cancelled)
			cause = group;
	}
	if (!cause)
		return false;
	if (run->stopped == STOPPED_NOT)
		run->stopped = cause->reason == ERROR_TIMEOUT ? STOPPED_TIME : STOPPED_SIGNAL;
	return true;
}
