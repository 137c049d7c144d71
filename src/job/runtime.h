/* The runtime of a job: the loop, the HTTP pool, and signals that stop its work. */
#ifndef JOB_RUNTIME_H
#define JOB_RUNTIME_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/env.h"
#include "base/error.h"
#include "base/random.h"
#include "http/http.h"
#include "job/status.h"
#include "task/task.h"

/* Time for posting after the first signal: a runner kills the process ten seconds after it. */
enum { RUNTIME_GRACE_MS = 8000 };

/* Time for posting when the run's time limit is reached. */
enum { RUNTIME_POSTING_MS = 30000 };

/*
 * Made by runtime_run(), lives while its function runs.  `work` is the group that a signal or the run's
 * time limit cancels; what must still happen then (posting what is finished) belongs to another group.
 */
struct runtime {
	struct env *env; /* borrowed, as is the arena, which outlives the run */
	struct arena *arena;
	struct clock clock;
	struct random random;
	struct loop *loop;
	struct http_options http_options;
	struct http *http;
	struct group work;
	struct group
		*posting;  /* while results are posted: after a signal it has RUNTIME_GRACE_MS */
	int signal;        /* the one that stopped the work, or 0 */
	int64_t signal_ms; /* clock time of it */
	int64_t limit_ms;  /* clock time at which the work ends; 0: never */
};

struct runtime_options {
	struct env *env;
	struct arena *arena;
	int connections;           /* model calls in flight at most */
	bool allow_http;           /* plain http to any host */
	const struct clock *clock; /* copied; NULL: real time */
};

/* The id of the workflow run, or "local": what a run is called in metadata and comments. */
struct str runtime_run_id(const struct runtime *runtime);

/*
 * Ends the work `timeout_ms` after the start of the run; 0 takes the limit away.  Stages that it ends fail
 * with ERROR_CANCELLED, whatever they were waiting for.
 */
void runtime_set_limit(struct runtime *runtime, int64_t timeout_ms);

/* The whole work of a program, as the loop's first task. */
typedef enum exit_status runtime_fn(struct runtime *runtime, void *arg);

/*
 * Runs `fn`, whose status goes to *status.  SIGINT and SIGTERM cancel `runtime->work`; nothing else ends
 * early.  False only when the loop cannot start.
 */
bool runtime_run(const struct runtime_options *options, runtime_fn *fn, void *arg,
		 enum exit_status *status, struct error *err) MUST_USE;

/* One part of a job, which can fail. */
typedef bool stage_fn(void *ctx, struct error *err);

/*
 * Runs `fn` as a task of `runtime->work`, so that a signal ends its waits, and waits for its end; the
 * caller's own waits are not ended.  Returns what `fn` returns; ERROR_CANCELLED when a signal came before
 * it began.
 */
bool runtime_stage(struct runtime *runtime, stage_fn *fn, void *ctx, struct error *err) MUST_USE;

/*
 * Runs `fn` after the work: a signal does not end it immediately, but leaves it the rest of
 * RUNTIME_GRACE_MS, and it may pass the run's limit by RUNTIME_POSTING_MS.  Returns what `fn` returns.
 */
bool runtime_post(struct runtime *runtime, stage_fn *fn, void *ctx, struct error *err) MUST_USE;

#endif
