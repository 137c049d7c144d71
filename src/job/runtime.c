/* The runtime of a job: the loop, the HTTP pool, and signals that stop its work. */
#include "job/runtime.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "job/status.h"
#include "job/version.h"
#include "review/result.h"

/* The thread that waits for signals, so that no handler needs a global to find the loop. */
struct signals {
	struct loop *loop;
	sigset_t set;
	pthread_t thread;
};

/*
 * For a process that is blocked in a library call that signals do not interrupt, such as reading
 * a pipe among git's files.
 */
static void end_at_once(void)
{
	static const char text[] = "outcrop: ended at once\n";

	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(EXIT_STOPPED);
}

static void *wait_for_signals(void *arg)
{
	struct signals *signals = arg;
	int first = 0;
	int number;

	while (sigwait(&signals->set, &number) == 0) {
		if (number == SIGUSR1) /* signals_end() */
			break;
		/* Runners send SIGINT, then SIGTERM; the same again means that nobody wants to wait. */
		if (number == first)
			end_at_once();
		if (!first)
			first = number;
		loop_interrupt(signals->loop, number);
	}
	return NULL;
}

static bool signals_begin(struct signals *signals, struct loop *loop, struct error *err)
{
	signals->loop = loop;
	sigemptyset(&signals->set);
	sigaddset(&signals->set, SIGINT);
	sigaddset(&signals->set, SIGTERM);
	sigaddset(&signals->set, SIGUSR1);
	/* Every thread made from here on inherits the mask, so only the waiting one takes them. */
	pthread_sigmask(SIG_BLOCK, &signals->set, NULL);
	if (pthread_create(&signals->thread, NULL, wait_for_signals, signals) != 0)
		return error_set(err, ERROR_IO, "cannot start a thread: too many of them");
	return true;
}

static void signals_end(struct signals *signals)
{
	pthread_kill(signals->thread, SIGUSR1);
	pthread_join(signals->thread, NULL);
	/* They stay blocked: the results are written, and a late signal must not change the exit status. */
}

static void stop_work(void *ctx, int number)
{
	struct runtime *runtime = ctx;

	if (runtime->signal)
		return;
	runtime->signal = number;
	runtime->signal_ms = clock_ms(&runtime->clock);
	log_warning("cli", "%s: stopping; finished results are kept",
		    number == SIGINT ? "interrupted" : "terminated");
	group_cancel(&runtime->work);
	if (runtime->posting)
		group_set_deadline(runtime->posting, RUNTIME_GRACE_MS);
}

/* The time left after a signal, in ms. */
static int64_t grace_left(const struct runtime *runtime)
{
	int64_t used = clock_ms(&runtime->clock) - runtime->signal_ms;

	return MAX_OF(RUNTIME_GRACE_MS - used, (int64_t)1);
}

static int64_t time_left(const struct runtime *runtime)
{
	return MAX_OF(runtime->limit_ms - clock_ms(&runtime->clock), (int64_t)1);
}

void runtime_set_limit(struct runtime *runtime, int64_t timeout_ms)
{
	runtime->limit_ms = timeout_ms;
	group_set_deadline(&runtime->work, timeout_ms ? time_left(runtime) : 0);
}

struct str runtime_run_id(const struct runtime *runtime)
{
	struct str run_id = env_get(runtime->env, "GITHUB_RUN_ID");

	return run_id.len ? run_id : STR("local");
}

static void wait_for_all(struct group *group)
{
	struct error err;

	/* The group of the first task is never cancelled, so this cannot fail. */
	if (!task_join(group, &err))
		log_debug("cli", "%s", err.message);
}

/* The task that runs a stage. */
struct stage {
	stage_fn *fn;
	void *ctx;
	struct error error;
	bool ok;
};

static void stage_task(void *arg)
{
	struct stage *stage = arg;

	stage->ok = stage->fn(stage->ctx, &stage->error);
}

static bool run_in(struct group *group, stage_fn *fn, void *ctx, struct error *err)
{
	struct stage stage = {.fn = fn, .ctx = ctx};

	group_spawn(group, "", stage_task, &stage);
	wait_for_all(group);
	if (!stage.ok)
		*err = stage.error;
	return stage.ok;
}

bool runtime_stage(struct runtime *runtime, stage_fn *fn, void *ctx, struct error *err)
{
	if (group_is_cancelled(&runtime->work))
		return error_set(err, ERROR_CANCELLED, "%s",
				 stop_cause_text(runtime->signal ? STOPPED_SIGNAL : STOPPED_TIME));
	if (run_in(&runtime->work, fn, ctx, err))
		return true;
	if (runtime->work.reason == ERROR_TIMEOUT) {
		err->kind = ERROR_CANCELLED;
		error_wrap(err, "%s", stop_cause_text(STOPPED_TIME));
	}
	return false;
}

bool runtime_post(struct runtime *runtime, stage_fn *fn, void *ctx, struct error *err)
{
	SCOPED(group) struct group posting;
	bool ok;

	group_init(&posting, NULL);
	if (runtime->signal)
		group_set_deadline(&posting, grace_left(runtime));
	else if (runtime->limit_ms)
		group_set_deadline(&posting, time_left(runtime) + RUNTIME_POSTING_MS);
	runtime->posting = &posting;
	ok = run_in(&posting, fn, ctx, err);
	runtime->posting = NULL;
	return ok;
}

/* ---- The first task ---- */

struct first {
	struct runtime *runtime;
	runtime_fn *fn;
	void *arg;
	enum exit_status status;
	struct error error;
	bool ok;
};

static void first_task(void *arg)
{
	struct first *first = arg;
	struct runtime *runtime = first->runtime;

	group_init(&runtime->work, NULL);
	runtime->http = http_new(runtime->loop, &runtime->http_options, &first->error);
	first->ok = runtime->http != NULL;
	if (first->ok)
		first->status = first->fn(runtime, first->arg);
	group_release(&runtime->work);
	http_free(steal(&runtime->http));
}

bool runtime_run(const struct runtime_options *options, runtime_fn *fn, void *arg,
		 enum exit_status *status, struct error *err)
{
	struct runtime runtime = {.env = options->env, .arena = options->arena};
	struct first first = {.runtime = &runtime, .fn = fn, .arg = arg};
	struct signals signals;

	if (options->clock)
		runtime.clock = *options->clock;
	else
		clock_init(&runtime.clock);
	runtime.loop = loop_new(&runtime.clock);
	http_options_read(&runtime.http_options, options->env);
	runtime.http_options.user_agent = STR("outcrop/" OUTCROP_VERSION);
	runtime.http_options.connections_per_host = options->connections;
	runtime.http_options.allow_http = options->allow_http;
	if (!signals_begin(&signals, runtime.loop, err)) {
		loop_free(runtime.loop);
		return false;
	}
	loop_on_signal(runtime.loop, stop_work, &runtime);
	loop_run(runtime.loop, first_task, &first);
	signals_end(&signals);
	loop_free(runtime.loop);
	if (first.ok)
		*status = first.status;
	else
		*err = first.error;
	return first.ok;
}
