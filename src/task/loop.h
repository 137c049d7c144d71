/* What the files of this folder share: the loop's and a task's insides. */
#ifndef TASK_LOOP_H
#define TASK_LOOP_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "task/task.h"
#include "task/timers.h"

enum task_state {
	TASK_READY,   /* in the loop's queue */
	TASK_RUNNING, /* has the turn */
	TASK_WAITING, /* until made ready, its deadline, or cancellation */
	TASK_ENDED,
};

/* One thread.  Freed by the loop once it has ended and was joined. */
struct task {
	struct loop *loop;
	struct group *group;
	struct task *group_next, *group_before;
	struct task *queue_next;
	pthread_t thread;
	sem_t turn; /* posted to hand it the turn */
	enum task_state state;
	bool woken;   /* what it waited for has come */
	bool expired; /* its own deadline passed */
	bool deaf;    /* it waits on although its group is cancelled (group_release) */
	struct timer timer;
	task_fn *fn;
	void *arg;
	char name[TASK_NAME_SIZE];
};

struct loop {
	struct clock *clock;
	sem_t turn; /* posted when a task gives the turn back */
	struct task *ready, *ready_last;
	struct task *ended; /* to be joined and freed */
	struct timers timers;
	size_t tasks; /* that have not ended */
	const struct poller *poller;
	int wake_fd; /* an eventfd, for waiting without a poller */
	atomic_int signal;
	int signal_seen;
	void (*on_signal)(void *ctx, int number);
	void *on_signal_ctx;
};

/* Puts a waiting task into the queue; `woken` says whether what it waited for has come. */
void task_resume(struct task *task, bool woken);

/* Waits like task_wait(), but also through cancellation; without a deadline it cannot fail. */
void task_wait_deaf(void);

/* False, with the reason, when the group or one above it is cancelled. */
bool group_check(const struct group *group, struct error *err);

#endif
