/* What the files of src/task share: the loop and the task.  Lower files come first. */
#ifndef TASK_TASK_INTERNAL_H
#define TASK_TASK_INTERNAL_H

#include <stdatomic.h>

#include "base/system.h"
#include "base/vec.h"
#include "task/coroutine.h"
#include "task/task.h"

/* Why a waiting task continues. */
enum wake {
	WAKE_NONE,   /* it still waits, or runs */
	WAKE_READY,  /* task_ready() */
	WAKE_TIMER,  /* its deadline passed */
	WAKE_CANCEL, /* its group was cancelled */
};

/* A queue of tasks, first in, first out, linked by task->next_queued. */
struct task_queue {
	struct task *first, *last;
	size_t len;
};

/* A place in a line.  A task waits in at most one, so it is a member of the task. */
struct waiter {
	struct task *task;
	struct waiter *next, *prev;
	bool served;
};

/* Owned by the loop from group_spawn() until it has ended.  It is in at most one queue: ready or unstarted. */
struct task {
	struct loop *loop;
	struct group *group;
	struct task *next, **link; /* in group->tasks */
	struct task *next_queued;
	task_fn *fn;
	void *arg;
	struct coroutine *coroutine; /* NULL until it begins */
	bool waiting;                /* gave the turn back and is not in the ready queue */
	bool deaf;                   /* waits for something that cancelling must not cut short */
	enum wake wake;
	struct timer timer;
	struct waiter waiter;
	bool counted;   /* it looks at the CPU clock */
	int64_t cpu_ns; /* its CPU clock, if it is counted, when it does not have the turn */
	char name[TASK_NAME_SIZE];
};

/* `signal` and `interrupted` are written by other threads and signal handlers too. */
struct loop {
	struct clock *clock;
	struct poller poller; /* zeroed: none */
	struct group root;    /* the first task's */
	struct task_queue ready;
	struct task_queue unstarted; /* there was no memory for their stacks yet */
	size_t tasks;                /* that have not ended */
	struct coroutines *coroutines;
	struct {
		VEC_FIELDS(struct timer *);
	} timers; /* a heap, soonest first */
	struct system_wake wake;
	atomic_int signal;
	atomic_bool interrupted;
	bool signal_told;
	void (*on_signal)(void *ctx, int number);
	void *on_signal_ctx;
	bool counts_all;       /* the CPU time of each turn: in builds with assertions */
	int64_t turn_began_ns; /* real time */
	int64_t longest_turn_ns;
};

/* ---- timer.c: the heap ---- */

void timer_set(struct loop *loop, struct timer *timer, int64_t due_ns);
void timer_clear(struct loop *loop, struct timer *timer);
/* The soonest timer, or NULL. */
struct timer *timer_first(const struct loop *loop);

/* ---- current.c ---- */

/* Notes which task the loop of this thread runs; NULL: none. */
void current_set(struct loop *loop, struct task *task);

/* ---- queue.c ---- */

/* Adds at the end; takes from the front, NULL when it is empty. */
void queue_push(struct task_queue *queue, struct task *task);
struct task *queue_pop(struct task_queue *queue);

/* Puts a waiting task into the ready queue; nothing when it does not wait. */
void task_wake(struct task *task, enum wake wake);

/* Puts the task at the end of the line. */
struct waiter *waiters_join(struct waiters *waiters, struct task *task);
void waiters_leave(struct waiters *waiters, struct waiter *waiter);
/* Takes the first out of the line and wakes it; false when no task waits. */
bool waiters_serve(struct waiters *waiters);

/* ---- group.c ---- */

void group_stop(struct group *group, enum error_kind reason, int64_t timeout_ms);
/* Fills `err` with why the group was cancelled; returns false. */
bool group_error(const struct group *group, struct error *err);

/* ---- turn.c ---- */

/* Gives a ready task the turn until it waits or ends; it is freed when it has ended. */
void task_run(struct task *task);

/*
 * Gives the turn back until something wakes the calling task.  `deadline_ns` is clock time, 0 for
 * none; a deaf task is not woken by cancelling.
 */
enum wake task_pause(int64_t deadline_ns, bool deaf);

/* False, with the reason of its group, when the calling task should stop. */
bool task_may_wait(struct error *err) MUST_USE;

#endif
