/* Connections that wait: one thread resumes them. */
#include "timers.h"

#include <microhttpd.h>
#include <pthread.h>
#include <time.h>

#include "base/memory.h"
#include "base/vec.h"

/* When a held connection is due: not before it is released. */
#define NEVER INT64_MAX

struct timer_entry {
	struct MHD_Connection *connection;
	int64_t due_ns;
};

/* `lock` guards all else; the server's own locks are taken inside it, never the other way round. */
struct timers {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	bool stopped, released;
	VEC_FIELDS(struct timer_entry);
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Resumes what is due; the time of the next one, or -1. */
static int64_t resume_due(struct timers *timers)
{
	int64_t now = now_ns(), next = -1;

	for (size_t i = 0; i < timers->len;) {
		struct timer_entry entry = timers->items[i];

		if (timers->stopped || entry.due_ns <= now) {
			timers->items[i] = timers->items[--timers->len];
			MHD_resume_connection(entry.connection);
			continue;
		}
		if (entry.due_ns != NEVER)
			next = next < 0 ? entry.due_ns : MIN_OF(next, entry.due_ns);
		i++;
	}
	return next;
}

static void *run(void *arg)
{
	struct timers *timers = arg;

	pthread_mutex_lock(&timers->lock);
	while (!timers->stopped) {
		int64_t next = resume_due(timers);
		struct timespec until = {next / 1000000000, next % 1000000000};

		if (next < 0)
			pthread_cond_wait(&timers->changed, &timers->lock);
		else
			pthread_cond_timedwait(&timers->changed, &timers->lock, &until);
	}
	resume_due(timers);
	pthread_mutex_unlock(&timers->lock);
	return NULL;
}

struct timers *timers_new(void)
{
	struct timers *timers = NEW(struct timers);
	pthread_condattr_t attributes;

	pthread_mutex_init(&timers->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&timers->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&timers->thread, NULL, run, timers) != 0)
		memory_exhausted();
	return timers;
}

bool timers_suspend(struct timers *timers, struct MHD_Connection *connection, int64_t delay_ms)
{
	bool waits;

	pthread_mutex_lock(&timers->lock);
	waits = !timers->stopped;
	if (waits) {
		MHD_suspend_connection(connection);
		VEC_PUSH(timers, (struct timer_entry){connection, now_ns() + delay_ms * 1000000});
		pthread_cond_signal(&timers->changed);
	}
	pthread_mutex_unlock(&timers->lock);
	return waits;
}

bool timers_hold(struct timers *timers, struct MHD_Connection *connection)
{
	bool waits;

	pthread_mutex_lock(&timers->lock);
	waits = !timers->stopped && !timers->released;
	if (waits) {
		MHD_suspend_connection(connection);
		VEC_PUSH(timers, (struct timer_entry){connection, NEVER});
	}
	pthread_mutex_unlock(&timers->lock);
	return waits;
}

void timers_release(struct timers *timers)
{
	pthread_mutex_lock(&timers->lock);
	timers->released = true;
	for (size_t i = 0; i < timers->len; i++) {
		if (timers->items[i].due_ns == NEVER)
			timers->items[i].due_ns = 0;
	}
	pthread_cond_signal(&timers->changed);
	pthread_mutex_unlock(&timers->lock);
}

void timers_stop(struct timers *timers)
{
	bool was_stopped;

	pthread_mutex_lock(&timers->lock);
	was_stopped = timers->stopped;
	timers->stopped = true;
	pthread_cond_signal(&timers->changed);
	pthread_mutex_unlock(&timers->lock);
	if (!was_stopped)
		pthread_join(timers->thread, NULL);
}

void timers_free(struct timers *timers)
{
	if (!timers)
		return;
	timers_stop(timers);
	pthread_cond_destroy(&timers->changed);
	pthread_mutex_destroy(&timers->lock);
	VEC_RELEASE(timers);
	free(timers);
}
