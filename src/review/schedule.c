/* The scheduler: checks the plan whenever something changes, and starts units that are ready. */
#include "review/schedule.h"

#include <stdio.h>
#include <stdlib.h>

#include "review/converse.h"

/* The slot of one task. */
struct slot {
	struct scheduler *scheduler;
	size_t unit;
	struct group group; /* zeroed while the slot is free */
	struct slot *next;  /* in `free` or `ended` */
};

struct scheduler {
	struct review_run *run;
	struct slot *slots;
	size_t slots_len;
	struct slot *free, *ended;
	size_t running; /* or ended */
	size_t concurrency;
	size_t first_waiting; /* all units before this one have started */
};

static void unit_task(void *arg)
{
	struct slot *slot = arg;

	struct scheduler *scheduler = slot->scheduler;

	converse_unit(scheduler->run, slot->unit, &slot->group);
	slot->next = scheduler->ended;
	scheduler->ended = slot;
	run_wake(scheduler->run);
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

/* Whether a unit of the cohort runs and waits for its first byte, and no unit has had one. */
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

/* Whether another unit can run: one per permit, and one for each unit that waits. */
static bool may_start(const struct scheduler *scheduler)
{
	return scheduler->free &&
	       scheduler->running < scheduler->concurrency + (size_t)scheduler->run->units_waiting;
}

static void start(struct scheduler *scheduler, size_t idx)
{
	struct review_run *run = scheduler->run;
	const struct unit *unit = &run->plan.units[idx];
	struct slot *slot = scheduler->free;
	char name[TASK_NAME_SIZE];

	snprintf(name, sizeof(name), "%.*s", STR_ARG(unit->name));
	scheduler->free = slot->next;
	slot->unit = idx;
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
	for (size_t i = *first; i < plan->units_len && may_start(scheduler); i++) {
		if (is_ready(run, i))
			start(scheduler, i);
	}
}

static void reap(struct scheduler *scheduler)
{
	struct slot *slot;

	while ((slot = scheduler->ended)) {
		scheduler->ended = slot->next;
		group_release(&slot->group);
		slot->next = scheduler->free;
		scheduler->free = slot;
		scheduler->running--;
	}
}

/* Marks units that never started: the run was stopped before their turn. */
static void stop_waiting(struct review_run *run)
{
	for (size_t i = 0; i < run->plan.units_len; i++) {
		struct unit_state *state = &run->states[i];
		if (state->status != UNIT_WAITING)
			continue;
		state->status = UNIT_STOPPED;
	}
}

/* Waits until something changes. If the caller is cancelled, so is the run. */
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
	for (size_t i = scheduler.slots_len; i-- > 0;) {
		scheduler.slots[i].scheduler = &scheduler;
		scheduler.slots[i].next = scheduler.free;
		scheduler.free = &scheduler.slots[i];
	}
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
	for (size_t i = 0; i < scheduler.slots_len; i++)
		group_release(&scheduler.slots[i].group);
	stop_waiting(run);
	free(scheduler.slots);
}
