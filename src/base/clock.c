/* Time, through one seam: real, scaled (test builds) or virtual. */
#include "base/clock.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t read_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static double configured_scale(void)
{
#ifdef OUTCROP_TEST_CLOCK
	const char *text = getenv("OUTCROP_CLOCK_SCALE");
	double scale;

	if (text && str_to_double(str_from(text), &scale) && scale >= 1 && scale <= 10000)
		return scale;
#endif
	return 1;
}

void clock_init(struct clock *clock)
{
	*clock = (struct clock){
		.scale = configured_scale(),
		.start_ns = read_ns(CLOCK_MONOTONIC),
		.start_wall_ms = read_ns(CLOCK_REALTIME) / NS_PER_MS,
	};
}

void clock_init_virtual(struct clock *clock, int64_t wall_ms)
{
	*clock = (struct clock){.is_virtual = true, .scale = 1, .start_wall_ms = wall_ms};
}

void clock_advance(struct clock *clock, int64_t ns)
{
	assert(clock->is_virtual);
	if (ns > 0)
		clock->virtual_ns += ns;
}

int64_t clock_ns(const struct clock *clock)
{
	int64_t elapsed;

	if (clock->is_virtual)
		return clock->virtual_ns;
	elapsed = read_ns(CLOCK_MONOTONIC) - clock->start_ns;
	return clock->scale == 1 ? elapsed : (int64_t)((double)elapsed * clock->scale);
}

int64_t clock_real_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

static _Thread_local int64_t cpu_of_others_ns;
static _Thread_local bool cpu_asked;

int64_t clock_cpu_ns(void)
{
	cpu_asked = true;
	return read_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_of_others_ns;
}

bool clock_cpu_asked(void)
{
	bool asked = cpu_asked;

	cpu_asked = false;
	return asked;
}

int64_t clock_cpu_switch(int64_t ns)
{
	int64_t before_ns = clock_cpu_ns();

	cpu_of_others_ns += before_ns - ns;
	return before_ns;
}

int64_t clock_ms(const struct clock *clock)
{
	return clock_ns(clock) / NS_PER_MS;
}

int64_t clock_wall_ms(const struct clock *clock)
{
	return clock->start_wall_ms + clock_ms(clock);
}

int clock_real_wait_ms(const struct clock *clock, int64_t wait_ns)
{
	double ms;

	if (wait_ns <= 0)
		return 0;
	ms = (double)wait_ns / (double)NS_PER_MS / clock->scale;
	return ms >= INT_MAX - 1 ? INT_MAX : (int)ms + ((double)(int)ms < ms);
}

static struct tm calendar(int64_t wall_ms)
{
	time_t seconds = wall_ms / 1000;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	return tm;
}

struct str time_iso8601(struct arena *arena, int64_t wall_ms)
{
	struct tm tm = calendar(wall_ms);

	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
			    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

struct str time_basic(struct arena *arena, int64_t wall_ms)
{
	struct tm tm = calendar(wall_ms);

	return arena_printf(arena, "%04d%02d%02dT%02d%02d%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
			    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Removes `digits` decimal digits from the text. */
static bool take_number(struct str *text, size_t digits, int *number)
{
	int value = 0;

	if (text->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (text->ptr[i] < '0' || text->ptr[i] > '9')
			return false;
		value = value * 10 + (text->ptr[i] - '0');
	}
	*number = value;
	*text = str_skip(*text, digits);
	return true;
}

static bool take_char(struct str *text, char c)
{
	if (!text->len || text->ptr[0] != c)
		return false;
	*text = str_skip(*text, 1);
	return true;
}

/* Reads an optional fraction of a second, in milliseconds; false for a '.' without digits. */
static bool take_fraction(struct str *text, int *ms)
{
	int weight = 100;
	int digit;

	*ms = 0;
	if (!take_char(text, '.'))
		return true;
	if (!take_number(text, 1, &digit))
		return false;
	do {
		*ms += digit * weight;
		weight /= 10;
	} while (take_number(text, 1, &digit));
	return true;
}

/* "Z", "+01:00", "+0100"; the offset in minutes. */
static bool take_zone(struct str *text, int *offset)
{
	int hours;
	int minutes;
	bool east;

	*offset = 0;
	if (take_char(text, 'Z') || take_char(text, 'z'))
		return true;
	east = text->len && text->ptr[0] == '+';
	if (!take_char(text, '+') && !take_char(text, '-'))
		return false;
	if (!take_number(text, 2, &hours))
		return false;
	take_char(text, ':');
	if (!take_number(text, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*offset = (hours * 60 + minutes) * (east ? 1 : -1);
	return true;
}

static bool in_calendar(const struct tm *tm)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = tm->tm_year + 1900;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return tm->tm_mon >= 0 && tm->tm_mon < 12 && tm->tm_mday >= 1 &&
	       tm->tm_mday <= days[tm->tm_mon] + (leap && tm->tm_mon == 1) && tm->tm_hour < 24 &&
	       tm->tm_min < 60 && tm->tm_sec <= 60;
}

bool time_parse(struct str text, int64_t *wall_ms)
{
	struct tm tm = {0};
	int ms;
	int offset;

	if (!take_number(&text, 4, &tm.tm_year) || !take_char(&text, '-') ||
	    !take_number(&text, 2, &tm.tm_mon) || !take_char(&text, '-') ||
	    !take_number(&text, 2, &tm.tm_mday))
		return false;
	if (!take_char(&text, 'T') && !take_char(&text, 't') && !take_char(&text, ' '))
		return false;
	if (!take_number(&text, 2, &tm.tm_hour) || !take_char(&text, ':') ||
	    !take_number(&text, 2, &tm.tm_min) || !take_char(&text, ':') ||
	    !take_number(&text, 2, &tm.tm_sec))
		return false;
	if (!take_fraction(&text, &ms) || !take_zone(&text, &offset) || text.len)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (!in_calendar(&tm))
		return false;
	*wall_ms = ((int64_t)timegm(&tm) - (int64_t)offset * 60) * 1000 + ms;
	return true;
}

bool time_parse_http(struct str text, int64_t *wall_ms)
{
	static const char *const formats[] = {
		"%a, %d %b %Y %H:%M:%S GMT",
		"%A, %d-%b-%y %H:%M:%S GMT",
		"%a %b %e %H:%M:%S %Y",
	};
	char copy[64];

	if (text.len >= sizeof(copy) || !text.len)
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct tm tm = {0};
		const char *end = strptime(copy, formats[i], &tm);

		if (end && !*end) {
			*wall_ms = (int64_t)timegm(&tm) * 1000;
			return true;
		}
	}
	return false;
}
