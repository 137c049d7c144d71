/* Reusable threads: ten thousand jobs need only as many threads as run at once. */
#include "task/worker.h"

#include <signal.h>
#include <stdlib.h>

#include "base/memory.h"
#include "task/task.h"

/* Sanitizers put red zones around every local. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STACK_FACTOR 16
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
	__has_feature(memory_sanitizer)
#define STACK_FACTOR 16
#endif
#endif
#ifndef STACK_FACTOR
#define STACK_FACTOR 1
#endif

/* The loop thread takes all signals but those that a fault in the task itself raises. */
static void block_signals(sigset_t *before)
{
	static const int faults[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
	sigset_t set;

	sigfillset(&set);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		sigdelset(&set, faults[i]);
	pthread_sigmask(SIG_SETMASK, &set, before);
}

/* The job has ended. False if the thread must end too. */
static bool take_rest(struct worker *worker)
{
	struct workers *workers = worker->workers;
	bool stays = workers->idle_len < WORKERS_IDLE_MAX;
	struct worker **list = stays ? &workers->idle : &workers->gone;

	worker->run = NULL;
	worker->next = *list;
	*list = worker;
	if (stays)
		workers->idle_len++;
	return stays;
}

static void *worker_main(void *arg)
{
	struct worker *worker = arg;
	struct workers *workers = worker->workers;

	while (worker->run) {
		bool stays;

		worker->run(worker->arg);
		stays = take_rest(worker);
		workers->rest(workers->ctx);
		if (!stays)
			break;
		system_turn_take(worker->turn);
	}
	return NULL;
}

static bool thread_create(struct worker *worker)
{
	pthread_attr_t attr;
	sigset_t before;
	int status;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)TASK_STACK_SIZE * STACK_FACTOR);
	block_signals(&before);
	status = pthread_create(&worker->thread, &attr, worker_main, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return status == 0;
}

static void worker_free(struct worker *worker)
{
	system_turn_free(worker->turn);
	free(worker);
}

bool worker_begin(struct workers *workers, void (*run)(void *arg), void *arg,
		  struct worker **worker)
{
	struct worker *idle = workers->idle, *made;

	if (idle) {
		workers->idle = idle->next;
		workers->idle_len--;
		idle->run = run;
		idle->arg = arg;
		*worker = idle;
		system_turn_give(idle->turn);
		return true;
	}
	made = NEW(struct worker);
	*made = (struct worker){
		.workers = workers, .turn = system_turn_new(), .run = run, .arg = arg};
	*worker = made;
	workers->len++;
	if (thread_create(made))
		return true;
	*worker = NULL;
	workers->len--;
	worker_free(made);
	return false;
}

static void worker_join(struct worker *worker)
{
	pthread_join(worker->thread, NULL);
	worker->workers->len--;
	worker_free(worker);
}

bool workers_reap(struct workers *workers)
{
	bool may_begin = workers->idle || workers->gone;

	for (struct worker *worker = workers->gone, *next; worker; worker = next) {
		next = worker->next;
		worker_join(worker);
	}
	workers->gone = NULL;
	return may_begin;
}

void workers_stop(struct workers *workers)
{
	if (!workers_reap(workers))
		return;
	for (struct worker *worker = workers->idle, *next; worker; worker = next) {
		next = worker->next;
		system_turn_give(worker->turn);
		worker_join(worker);
	}
	workers->idle = NULL;
	workers->idle_len = 0;
}
