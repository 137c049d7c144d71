/* How long work takes, and how long it goes on without a pause: CPU time, also between two calls of breathe(). */
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
enum { STRETCH_TRIES = 20 };

static inline void stretch_fill(struct buf *text, const char *pattern, size_t size)
{
	while (text->len < size)
		buf_add_text(text, pattern);
}

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
 * Asserts that `fn` pauses often enough over `size` bytes of `pattern` (fewer where times do not
 * count).  A busy machine disturbs some tries, not all.
 */
static inline void stretch_check(void (*fn)(struct str text), const char *pattern, size_t size)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	int64_t best_ms = INT64_MAX;

	stretch_fill(&text, pattern, size / STRETCH_PART);
	for (int i = 0; i < STRETCH_TRIES && best_ms >= STRETCH_MS_MAX; i++)
		best_ms = MIN_OF(best_ms, stretch_longest_ms(fn, buf_str(&text)));
	ck_assert_msg(best_ms < STRETCH_MS_MAX, "\"%.20s\": %lld ms without a pause", pattern,
		      (long long)best_ms);
}

static inline int64_t stretch_time_ns(void (*fn)(struct buf *out, struct str text),
				      const char *pattern, size_t size)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	int64_t before;

	stretch_fill(&text, pattern, size);
	before = clock_cpu_ns();
	fn(&out, buf_str(&text));
	return clock_cpu_ns() - before;
}

/*
 * Asserts that four times `size` bytes of `pattern` take `fn` about four times as long; sixteen times would be the
 * square.  A busy machine and a sanitizer's allocator disturb some tries, not all.
 */
static inline void stretch_check_linear(void (*fn)(struct buf *out, struct str text),
					const char *pattern, size_t size)
{
	int64_t small_ns = 0;
	int64_t large_ns = 0;
	bool linear = false;

	for (int i = 0; i < STRETCH_TRIES && !linear; i++) {
		small_ns = stretch_time_ns(fn, pattern, size / STRETCH_PART);
		large_ns = stretch_time_ns(fn, pattern, 4 * size / STRETCH_PART);
		linear = large_ns < 8 * small_ns + 20000000;
	}
	ck_assert_msg(linear, "\"%.20s\": %lld us, then %lld us", pattern,
		      (long long)(small_ns / 1000), (long long)(large_ns / 1000));
}

#endif
