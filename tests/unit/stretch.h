/* How long work goes on without a pause: CPU time between two calls of breathe(). */
#ifndef UNIT_STRETCH_H
#define UNIT_STRETCH_H

#include "base/breathe.h"
#include "base/clock.h"

#include "unit.h"

/* The limit is that of a turn (task/task.h).  Other builds are slow: they take an eighth of the text. */
#ifdef UNIT_TIMES_COUNT
enum { STRETCH_MS_MAX = 20, STRETCH_PART = 1 };
#else
enum { STRETCH_MS_MAX = 200, STRETCH_PART = 8 };
#endif
enum { STRETCH_TRIES = 5 };

static _Thread_local int64_t stretch_began_ns, stretch_longest_ns;

static inline void stretch_end(void)
{
	int64_t now_ns = clock_cpu_ns();

	stretch_longest_ns = MAX_OF(stretch_longest_ns, now_ns - stretch_began_ns);
	stretch_began_ns = now_ns;
}

static inline int64_t stretch_longest_ms(void (*fn)(struct str text), struct str text)
{
	stretch_longest_ns = 0;
	stretch_began_ns = clock_cpu_ns();
	breathe_set(stretch_end);
	fn(text);
	stretch_end();
	breathe_set(NULL);
	return stretch_longest_ns / 1000000;
}

/*
 * Asserts that `fn` pauses often enough over `size` bytes of `pattern` (fewer where times do not count).  A busy machine disturbs some
 * tries, not all.
 */
static inline void stretch_check(void (*fn)(struct str text), const char *pattern, size_t size)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	int64_t best_ms = INT64_MAX;

	while (text.len < size / STRETCH_PART)
		buf_add_text(&text, pattern);
	for (int i = 0; i < STRETCH_TRIES && best_ms >= STRETCH_MS_MAX; i++)
		best_ms = MIN_OF(best_ms, stretch_longest_ms(fn, buf_str(&text)));
	ck_assert_msg(best_ms < STRETCH_MS_MAX, "\"%.20s\": %lld ms without a pause", pattern,
		      (long long)best_ms);
}

#endif
