/* Time, through one seam: real, scaled (test builds) or virtual. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/arena.h"
#include "base/common.h"
#include "base/str.h"

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/*
 * Monotonic time never goes back and starts anywhere; wall time is milliseconds since 1970 in UTC.
 * With `is_virtual` set time does not pass: the task loop advances the clock when every task waits.
 */
struct clock {
	bool is_virtual;
	double scale; /* how many clock milliseconds pass in a real one; 1 but in test builds */
	int64_t virtual_ns; /* elapsed virtual time */
	int64_t start_ns;   /* real monotonic time at clock_init */
	int64_t start_wall_ms;
};

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* A real clock.  A build with -Dtest_clock=true multiplies time by OUTCROP_CLOCK_SCALE (1 to 10000). */
void clock_init(struct clock *clock);

/* A clock that shows `wall_ms` until clock_advance() moves it. */
void clock_init_virtual(struct clock *clock, int64_t wall_ms);
void clock_advance(struct clock *clock, int64_t ns);

int64_t clock_ns(const struct clock *clock);
int64_t clock_ms(const struct clock *clock);
int64_t clock_wall_ms(const struct clock *clock);

/* Real monotonic time: for work that is bounded whatever the clock of the run shows. */
int64_t clock_real_ns(void);

/* CPU time of this thread; in a task, of that task since it first asked.  A system call, unlike clock_real_ns(). */
int64_t clock_cpu_ns(void);

/* Whether this thread called clock_cpu_ns() since the last question. */
bool clock_cpu_asked(void);

/* Lets the count go on at `ns`, for another task of this thread.  Returns where it was. */
int64_t clock_cpu_switch(int64_t ns);

/* Returns how many real milliseconds `wait_ns` of clock time take, rounded up; at most INT_MAX. */
int clock_real_wait_ms(const struct clock *clock, int64_t wait_ns);

/* "2026-11-21T12:00:00Z" and "20261121T120000Z". */
struct str time_iso8601(struct arena *arena, int64_t wall_ms);
struct str time_basic(struct arena *arena, int64_t wall_ms);

/* Reads "2026-11-21T12:00:00Z", with a fraction and with "+01:00" too.  False when it is neither. */
bool time_parse(struct str text, int64_t *wall_ms) MUST_USE;

/* Reads the three dates of HTTP (RFC 9110, 5.6.7); enough for Retry-After and Date. */
bool time_parse_http(struct str text, int64_t *wall_ms) MUST_USE;

#endif
