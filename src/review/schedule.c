/* The scheduler: looks through the plan whenever something changed, and starts what is ready. */
#include "review/schedule.h"

#include <stdio.h>
#include <stdlib.h>

#include "review/converse.h"

/* One task's place.  A zeroed group marks it as free. */
struct slot {
	struct review_run *run;
	size_t unit;
	struct group group;
	bool used, ended;
};

struct scheduler {
	struct review_run *run;
	struct slot *slots;
	size_t slots_len;
	size_t running;
	size_t concurrency;
	size_t first_waiting; /* all units before it have been started */
};

static void unit_task(void *arg)
{
	struct slot *slot = arg;

	converse_unit(slot->run, slot->unit, &slot->group);
	slot->ended = true;
	run_wake(slot->run);
}

static bool needs_ended(const struct review_run *run, const struct unit *unit)
{
	for (size_t i = 0; i < unit->needs_len; i++) {
		enum unit_status status = run->states[unit->needs[i]].status;
		if (status == UNIT_WAITING || status == UNIT_RUNNING)
			return false;
	}
	return true;
}

/* Whether a unit of the cohort runs whose first byte is still to come, and none has had it. */
static bool cohort_is_led(const struct review_run *run, size_t idx)
{
	const struct unit *units = run->plan.units;
	bool led = false;

	for (size_t i = units[idx].cohort; i < run->plan.units_len; i++) {
		if (units[i].chunk != units[idx].chunk)
			break;
		if (units[i].cohort != units[idx].cohort)
			continue;
		if (run->states[i].first_byte)
			return false;
		led |= run->states[i].status == UNIT_RUNNING;
	}
	return led;
}

static bool is_ready(const struct review_run *run, size_t idx)
{
	const struct unit *unit = &run->plan.units[idx];

	if (run->states[idx].status != UNIT_WAITING || !needs_ended(run, unit))
		return false;
	return !unit->follows || !cohort_is_led(run, idx);
}

/*
 * A free place, when another unit may run: as many as there are permits, and one for each that
 * waits.
 */
static struct slot *free_slot(struct scheduler *scheduler)
{
	if (scheduler->running >= scheduler->concurrency + (size_t)scheduler->run->units_waiting)
		return NULL;
	for (size_t i = 0; i < scheduler->slots_len; i++) {
		if (!scheduler->slots[i].used)
			return &scheduler->slots[i];
	}
	return NULL;
}

static void start(struct scheduler *scheduler, struct slot *slot, size_t idx)
{
	struct review_run *run = scheduler->run;
	const struct unit *unit = &run->plan.units[idx];
	char name[TASK_NAME_SIZE];

	snprintf(name, sizeof(name), "%.*s", STR_ARG(unit->name));
	*slot = (struct slot){.run = run, .unit = idx, .used = true};
	group_init(&slot->group, &run->group);
	run->states[idx].status = UNIT_RUNNING;
	scheduler->running++;
	group_spawn(&slot->group, name, unit_task, slot);
}

static void start_ready(struct scheduler *scheduler)
{
	struct review_run *run = scheduler->run;
	const struct plan *plan = &run->plan;
	size_t *first = &scheduler->first_waiting;

	while (*first < plan->units_len && run->states[*first].status != UNIT_WAITING)
		(*first)++;
	for (size_t i = *first; i < plan->units_len; i++) {
		struct slot *slot = free_slot(scheduler);
		if (!slot)
			break;
		if (is_ready(run, i))
			start(scheduler, slot, i);
	}
}

static void reap(struct scheduler *scheduler)
{
	for (size_t i = 0; i < scheduler->slots_len; i++) {
		struct slot *slot = &scheduler->slots[i];
		if (!slot->used || !slot->ended)
			continue;
		group_release(&slot->group);
		*slot = (struct slot){0};
		scheduler->running--;
	}
}

/* Units that never began: the run was stopped before their turn. */
static void stop_waiting(struct review_run *run)
{
	for (size_t i = 0; i < run->plan.units_len; i++) {
		struct unit_state *state = &run->states[i];
		if (state->status != UNIT_WAITING)
			continue;
		state->status = UNIT_STOPPED;
	}
}

/* Until something changes.  When the caller itself is cancelled, so is the run. */
static void wait_for_change(struct review_run *run)
{
	struct error err = {0};

	if (!latch_wait(&run->wake, &err)) {
		group_cancel(&run->group);
		run_note_cancel(run);
		return;
	}
	latch_init(&run->wake, run->loop);
}

void schedule(struct review_run *run)
{
	int concurrency =
		MIN_OF(MAX_OF(run->review->options.max_concurrency, 1), SCHEDULE_CONCURRENCY_MAX);
	struct scheduler scheduler = {.run = run,
				      .concurrency = (size_t)concurrency,
				      .slots_len = (size_t)concurrency + SCHEDULE_SPARE_TASKS};

	scheduler.slots = NEW_ARRAY(struct slot, scheduler.slots_len);
	latch_init(&run->wake, run->loop);
	for (;;) {
		if (!run_note_cancel(run) && run->stopped == STOPPED_NOT)
			start_ready(&scheduler);
		if (!scheduler.running)
			break;
		wait_for_change(run);
		reap(&scheduler);
		if (group_is_cancelled(task_group()))
			break;
	}
	for (size_t i = 0; i < scheduler.slots_len; i++) {
		if (scheduler.slots[i].used)
			group_release(&scheduler.slots[i].group);
	}
	stop_waiting(run);
	free(scheduler.slots);
}
