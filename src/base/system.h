/* What differs between Linux and other systems: system_linux.c and system_posix.c have the same functions. */
#ifndef BASE_SYSTEM_H
#define BASE_SYSTEM_H

#include <stdint.h>

#include "base/common.h"

/* Fills `size` bytes, 256 at most, from the kernel's generator. */
void system_random(void *bytes, size_t size);

/* Zeroes memory; the compiler cannot optimize it away. */
void system_wipe(void *ptr, size_t len);

/* Returns the usable size of an allocation in bytes; `ptr` is not NULL. */
size_t system_room(void *ptr);

/* The last `c` in the bytes, or NULL. */
const void *system_last(const void *bytes, int c, size_t len);

/* A pipe that child processes do not inherit: reading end first.  False sets errno. */
bool system_pipe(int ends[2]) MUST_USE;

/* ---- Waking a poll ---- */

/* What a signal handler writes to; `in` becomes readable.  Both ends may be one descriptor. */
struct system_wake {
	int in, out;
};

bool system_wake_open(struct system_wake *wake) MUST_USE;
void system_wake_close(struct system_wake *wake);
/* Safe in a signal handler; keeps errno. */
void system_wake_send(const struct system_wake *wake);
/* Reads everything that was sent. */
void system_wake_take(const struct system_wake *wake);

/* ---- Watching descriptors ---- */

/* `number` is the watcher's, never 0 but for a descriptor that only ends the wait. */
struct system_event {
	int fd;
	uint32_t number;
	bool readable, writable, broken;
};

struct system_watch;

/* NULL sets errno. */
struct system_watch *system_watch_new(void);
void system_watch_free(struct system_watch *watch);
/*
 * Adds or changes a descriptor; with neither readable nor writable only errors are reported.  Both work whatever
 * `is_new` says, but sooner when it is right.
 */
void system_watch_set(struct system_watch *watch, const struct system_event *wanted, bool is_new);
void system_watch_drop(struct system_watch *watch, int fd);

enum { SYSTEM_EVENTS_MAX = 256 }; /* that one wait reports */

/* Waits for `timeout_ms` (below zero: forever); returns how many events it wrote, or -1 with errno. */
int system_watch_wait(struct system_watch *watch, struct system_event *events, int max,
		      int timeout_ms);

#endif
