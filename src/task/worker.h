/* Threads that are used again: each runs one job after the other. */
#ifndef TASK_WORKER_H
#define TASK_WORKER_H

#include <pthread.h>

#include "base/common.h"
#include "base/system.h"

/* A thread.  While it has no job it waits in workers->idle; when enough others wait there, it ends. */
struct worker {
	struct workers *workers;
	pthread_t thread;
	struct system_turn
		*turn; /* what the thread waits for: between jobs, and where its job waits */
	void (*run)(void *arg); /* the job; NULL: the thread has to end */
	void *arg;
	struct worker *next; /* in `idle` or `gone` */
};

/* So many wait for another job at most; more would only hold memory. */
enum { WORKERS_IDLE_MAX = 64 };

/*
 * Used by one thread at a time: the holder of the turn, which is given to a new job and given back by `rest`.  The
 * caller sets `rest` and `ctx`; the other members are zero at first.
 */
struct workers {
	void (*rest)(void *ctx); /* called by a thread when its job has ended: hands the turn on */
	void *ctx;
	struct worker *idle, *gone;
	size_t idle_len;
	size_t len; /* threads that run, wait or are to be joined */
};

/*
 * Begins a job in a thread that waits for one, or in a new one; `*worker` is set before it begins.  On success it
 * runs already and has the turn.  False, and the caller keeps the turn, when the system has no thread to spare.
 */
bool worker_begin(struct workers *workers, void (*run)(void *arg), void *arg,
		  struct worker **worker) MUST_USE;

/* Joins the threads that have ended.  True when a job that found no thread may find one now. */
bool workers_reap(struct workers *workers) MUST_USE;

/* Ends and joins all threads.  No job is left. */
void workers_stop(struct workers *workers);

#endif
