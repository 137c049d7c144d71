/* Tasks that take turns: coroutines of one thread, so that waiting code reads top to bottom. */
#ifndef TASK_TASK_H
#define TASK_TASK_H

#include "base/clock.h"
#include "base/common.h"
#include "base/error.h"

/*
 * A loop owns the turn.  A task holds it until it calls a function that waits (task_sleep, task_join,
 * task_yield, permit_take, latch_wait here; http_send and stream_next in http); the loop then runs
 * another task that is ready, or polls.  So code between two waits needs no locks.
 *
 * Life cycle: loop_new() -> loop_run(), which returns when the first task and all groups have ended ->
 * loop_free().  One loop a process, tests aside.
 */
struct loop;
struct task;

/* The clock is borrowed.  A virtual one is moved to the next wake-up whenever all tasks wait. */
struct loop *loop_new(struct clock *clock);
void loop_free(struct loop *loop);
DEFINE_OWNED(loop);

typedef void task_fn(void *arg);

/* Runs `fn` as the first task, until it returns. Called from the thread that owns the process. */
void loop_run(struct loop *loop, task_fn *fn, void *arg);

struct clock *loop_clock(struct loop *loop);

/* The loop that the calling task belongs to. */
struct loop *loop_current(void);

/* How many tasks have not ended. */
size_t loop_tasks(const struct loop *loop);

/*
 * Makes loop_run() notice something from a signal handler or another thread: async-signal-safe.
 * The first `number` that is not 0 is kept; loop_signal() gives it (0: none yet).  `on_signal` is then
 * called once, in the loop's own thread.
 */
void loop_interrupt(struct loop *loop, int number);
int loop_signal(const struct loop *loop);
void loop_on_signal(struct loop *loop, void (*on_signal)(void *ctx, int number), void *ctx);

/*
 * The longest that a task of this loop has held the turn so far, in CPU time (0 in builds without
 * assertions).  Each turn over TASK_TURN_MS_MAX is a debug line of the log too.
 */
enum { TASK_TURN_MS_MAX = 20 };
int64_t loop_longest_turn_ms(const struct loop *loop);

/* ---- Parts of the structures below; only src/task looks inside. ---- */

struct waiter; /* a task that waits in a line */

struct waiters {
	struct waiter *first, *last;
};

/* Something that happens at a time: set while `slot` is not 0. */
struct timer {
	int64_t due_ns;
	size_t slot; /* place in the loop's heap, from 1 */
	struct task *task;
	struct group *group;
};

/* ---- Groups: tasks belong to one, and leaving its scope joins them. ---- */

/*
 * Zeroed after group_release().  `parent` may be NULL; cancelling a group cancels those below it.
 * Use: SCOPED(group) struct group group; group_init(&group, parent); group_spawn(...); ... task_join().
 */
struct group {
	struct loop *loop;
	struct group *parent;
	struct group *children;
	struct group *next, **link; /* in parent->children */
	struct task *tasks;         /* the tasks that have not ended */
	struct waiters joiners;
	struct timer deadline; /* when the group is cancelled */
	int64_t timeout_ms;    /* what the deadline was set to, for messages */
	bool cancelled;
	enum error_kind reason; /* ERROR_CANCELLED, or ERROR_TIMEOUT when the deadline passed */
};

void group_init(struct group *group, struct group *parent);

/* Cancels what still runs, then joins.  Accepts a zeroed group. */
void group_release(struct group *group);

/* Cancels the group with ERROR_TIMEOUT `timeout_ms` from now; 0 removes the deadline. */
void group_set_deadline(struct group *group, int64_t timeout_ms);

/*
 * Makes every waiting call of the group's tasks (and of groups below it) return false with the reason, from
 * now on, so that the stacks unwind.  Nothing is killed.
 */
void group_cancel(struct group *group);
bool group_is_cancelled(const struct group *group);

enum { TASK_STACK_SIZE = 256 * 1024, TASK_NAME_SIZE = 64 };

/*
 * Starts a task; it runs when the caller next waits.  `name` labels its log lines (copied).  In a
 * cancelled group it runs too, and its first wait fails.  When the system has no memory for its stack,
 * it starts after another task has ended; when no other task runs, the process ends.
 */
void group_spawn(struct group *group, const char *name, task_fn *fn, void *arg);

/*
 * Waits until every task of the group has ended.  False with ERROR_CANCELLED or ERROR_TIMEOUT when the
 * calling task's own group was cancelled meanwhile; the tasks may then still run, and group_release()
 * waits for them.
 */
bool task_join(struct group *group, struct error *err) MUST_USE;

bool task_sleep(int64_t ms, struct error *err) MUST_USE;

/* Lets other tasks run.  Code that may hold the turn for over 20 ms calls it between steps. */
bool task_yield(struct error *err) MUST_USE;

/*
 * For loops over untrusted input of any length: calls task_yield() when this turn has used an eighth of
 * TASK_TURN_MS_MAX of CPU.  Does nothing outside of a task, or in a cancelled one: the loop runs to its end.
 */
void task_breathe(void);

/* The group that the calling task belongs to. */
struct group *task_group(void);

/* ---- Permits: at most N holders. ---- */

/* First come, first served. Zero-initialize, then permits_init(). */
struct permits {
	struct loop *loop;
	int free;
	struct waiters waiters;
};

void permits_init(struct permits *permits, struct loop *loop, int count);
bool permit_take(struct permits *permits, struct error *err) MUST_USE;
void permit_give(struct permits *permits);

/* ---- Latches: closed once, then open for good. ---- */

struct latch {
	struct loop *loop;
	bool open;
	struct waiters waiters;
};

void latch_init(struct latch *latch, struct loop *loop);
void latch_open(struct latch *latch);
bool latch_wait(struct latch *latch, struct error *err) MUST_USE;

/* ---- For http (and whatever else waits on file descriptors): what the loop polls. ---- */

/*
 * A poller waits for events outside: it returns after at most `timeout_ms` real milliseconds (-1: no
 * limit), or when it made a task ready, or when `wake_fd` can be read (the loop empties it, so that
 * loop_interrupt() is one write).  It calls task_ready() for tasks that may go on.
 */
struct poller {
	void (*poll)(void *ctx, int wake_fd, int timeout_ms);
	bool (*busy)(
		void *ctx); /* something is under way: a virtual clock must not run ahead of it */
	void *ctx;
};

/* At most one; NULL removes it. */
void loop_set_poller(struct loop *loop, const struct poller *poller);

/* The calling task. */
struct task *task_current(void);

/* Marks a task that called task_wait() as ready; only from the loop's thread or while holding the turn. */
void task_ready(struct task *task);

/*
 * Gives the turn back until task_ready(), `deadline_ns` of clock time (0: none) or cancellation.  True
 * when made ready; false with ERROR_CANCELLED, or ERROR_TIMEOUT when a deadline passed.
 */
bool task_wait(int64_t deadline_ns, struct error *err) MUST_USE;

#endif
