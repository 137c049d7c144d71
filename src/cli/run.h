/* Running a command's work: the loop, the HTTP pool, and signals that stop it. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "base/clock.h"
#include "base/random.h"
#include "cli/cli.h"
#include "http/http.h"
#include "task/task.h"

/* What the kernel leaves between the first signal and the end: the runner kills after ten seconds. */
enum { RUN_GRACE_MS = 8000 };

/*
 * Made by run_start(), lives while its function runs.  `work` is the group that a signal or the run's
 * time limit cancels; what must still happen then (posting what is finished) belongs to another group.
 */
struct run {
	struct cli *cli;
	struct clock clock;
	struct random random;
	struct loop *loop;
	struct http_options http_options;
	struct http *http;
	struct group work;
	struct group *posting; /* while results are posted: a signal leaves it RUN_GRACE_MS */
	int signal;            /* the one that stopped the work, or 0 */
	int64_t signal_ms;     /* clock time of it */
};

typedef enum exit_status run_fn(struct run *run, void *arg);

/*
 * Runs `fn` as the loop's first task.  `connections` is how many model calls may be in flight at once.
 * SIGINT and SIGTERM cancel `run->work`; nothing else ends early.
 */
enum exit_status run_start(struct cli *cli, int connections, bool allow_http, run_fn *fn,
			   void *arg);

/*
 * Runs `fn` as a task of `run->work`, so that a signal ends its waits, and waits for its end; the caller's
 * own waits are not ended.  ERROR_CANCELLED when a signal came before it began.
 */
bool run_stage(struct run *run, task_fn *fn, void *arg, struct error *err) MUST_USE;

/* Runs `fn` after the work: not ended by a signal at once, but with what is left of RUN_GRACE_MS. */
void run_post(struct run *run, task_fn *fn, void *arg);

#endif
