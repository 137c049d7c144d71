/* The state of one run, shared by the files of this folder: what review_run() works on. */
#ifndef REVIEW_REVIEW_RUN_H
#define REVIEW_REVIEW_RUN_H

#include "base/buf.h"
#include "finding/placer.h"
#include "finding/verdict.h"
#include "review/budget.h"
#include "review/result.h"
#include "review/unit_request.h"

enum unit_status { UNIT_WAITING, UNIT_RUNNING, UNIT_DONE, UNIT_FAILED, UNIT_STOPPED };

/* What became of the plan's unit of the same index. */
struct unit_state {
	enum unit_status status;
	bool first_byte;          /* its prefix can be read from the cache */
	struct findings findings; /* as reported, redacted; its arena owns the texts below too */
	struct str summary, text; /* or the run's owns the summary, where nothing was found */
	struct str reads;         /* what its tools read, a line each */
	struct verdicts verdicts; /* of a referee; in the arena of the findings */
};

/* Made and released by review_run(); everything else borrows it. */
struct review_run {
	struct review *review;
	struct review_result *result;
	struct loop *loop;
	int64_t started_ms;
	struct arena arena;
	struct diff diff;     /* redacted */
	struct change change; /* redacted texts, and that diff */
	struct placer placer; /* of that diff */
	struct plan plan;
	struct str files;             /* of the change, a line each, as models see them */
	struct str overview;          /* the change as a whole, the same in each request */
	struct row_request *requests; /* one a row: what its units' requests share */
	struct str *contexts;         /* one an agent; filled before its first unit starts */
	struct unit_state *states;    /* one a unit */
	struct budget budget;
	struct spending *spendings; /* one an agent */
	struct group group;         /* all units; under review->group */
	struct latch wake;          /* opened when the scheduler should look again */
	enum stop_cause stopped;    /* no further unit starts */
	struct error fatal; /* ends the run: no usable credentials, a recording that is missing */
	int units_done;
	int units_waiting;   /* that run, but hold no permit because the service refused them */
	struct tools *tools; /* NULL: no agent has any */
};

/* The scheduler looks at what is ready once the calling task waits. */
void run_wake(struct review_run *run);

/* Clock time since the run began. */
int64_t run_elapsed_ms(const struct review_run *run);

struct agent_result *run_row(struct review_run *run, const struct unit *unit);

/* Counts what a call outside of the units took, into the result. */
void run_count_usage(struct review_run *run, const struct model *model, const struct usage *usage);

/* Sets run->stopped when the run's time is over or the run was cancelled; returns whether it was. */
bool run_note_cancel(struct review_run *run);

#endif
