/* Running a command's work: the loop, the HTTP pool, and signals that stop it. */
#include "cli/run.h"

#include <pthread.h>
#include <signal.h>

#include "base/log.h"
#include "cli/version.h"

/* The thread that waits for signals, so that no handler has to find the loop by a global. */
struct signals {
	struct loop *loop;
	sigset_t set;
	pthread_t thread;
};

static void *wait_for_signals(void *arg)
{
	struct signals *signals = arg;
	int number;

	while (sigwait(&signals->set, &number) == 0) {
		if (number == SIGUSR1) /* signals_end() */
			break;
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
	pthread_sigmask(SIG_UNBLOCK, &signals->set, NULL);
}

static void stop_work(void *ctx, int number)
{
	struct run *run = ctx;

	if (run->signal)
		return;
	run->signal = number;
	run->signal_ms = clock_ms(&run->clock);
	log_warning("cli", "%s: stopping; what is finished is kept",
		    number == SIGINT ? "interrupted" : "terminated");
	group_cancel(&run->work);
	if (run->posting)
		group_set_deadline(run->posting, RUN_GRACE_MS);
}

/* What is left of the time after a signal, in ms. */
static int64_t grace_left(const struct run *run)
{
	int64_t used = clock_ms(&run->clock) - run->signal_ms;

	return MAX_OF(RUN_GRACE_MS - used, (int64_t)1);
}

static void wait_for_all(struct group *group)
{
	struct error err;

	/* The first task belongs to no group that is ever cancelled, so this cannot fail. */
	if (!task_join(group, &err))
		log_debug("cli", "%s", err.message);
}

bool run_stage(struct run *run, task_fn *fn, void *arg, struct error *err)
{
	if (group_is_cancelled(&run->work))
		return error_set(err, ERROR_CANCELLED, "stopped before it began");
	group_spawn(&run->work, "", fn, arg);
	wait_for_all(&run->work);
	return true;
}

void run_post(struct run *run, task_fn *fn, void *arg)
{
	SCOPED(group) struct group posting;

	group_init(&posting, NULL);
	if (run->signal)
		group_set_deadline(&posting, grace_left(run));
	run->posting = &posting;
	group_spawn(&posting, "", fn, arg);
	wait_for_all(&posting);
	run->posting = NULL;
}

/* What the first task gets. */
struct first {
	struct run *run;
	run_fn *fn;
	void *arg;
	enum exit_status status;
};

static void first_task(void *arg)
{
	struct first *first = arg;
	struct run *run = first->run;
	struct error err;

	group_init(&run->work, NULL);
	run->http = http_new(run->loop, &run->http_options, &err);
	if (run->http)
		first->status = first->fn(run, first->arg);
	else
		first->status = cli_fail(&err);
	group_release(&run->work);
	http_free(steal(&run->http));
}

enum exit_status run_start(struct cli *cli, int connections, bool allow_http, run_fn *fn, void *arg)
{
	struct run run = {.cli = cli};
	struct first first = {.run = &run, .fn = fn, .arg = arg};
	struct signals signals;
	struct error err;

	clock_init(&run.clock);
	run.loop = loop_new(&run.clock);
	http_options_read(&run.http_options, &cli->env);
	run.http_options.user_agent = STR("outcrop/" OUTCROP_VERSION);
	run.http_options.connections_per_host = connections;
	run.http_options.allow_http = allow_http;
	if (!signals_begin(&signals, run.loop, &err)) {
		loop_free(run.loop);
		return cli_fail(&err);
	}
	loop_on_signal(run.loop, stop_work, &run);
	loop_run(run.loop, first_task, &first);
	signals_end(&signals);
	loop_free(run.loop);
	return first.status;
}
