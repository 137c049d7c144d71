/* Time and randomness. */
#include <limits.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/random.h"
#include "unit.h"

#define SECOND_NS INT64_C(1000000000)

TEST(virtual_time_moves_only_by_hand)
{
	struct clock clock;

	clock_init_virtual(&clock, 1000);
	ck_assert_int_eq(clock_ms(&clock), 0);
	ck_assert_int_eq(clock_wall_ms(&clock), 1000);
	clock_advance(&clock, 90 * SECOND_NS);
	clock_advance(&clock, -5);
	ck_assert_int_eq(clock_ms(&clock), 90000);
	ck_assert_int_eq(clock_wall_ms(&clock), 91000);
}

TEST(real_time_goes_on)
{
	struct timespec pause = {.tv_nsec = 2000000};
	struct clock clock;
	int64_t before;

	clock_init(&clock);
	before = clock_ns(&clock);
	nanosleep(&pause, NULL);
	ck_assert_int_ge(clock_ns(&clock) - before, 2000000);
	ck_assert_int_gt(clock_wall_ms(&clock), INT64_C(1700000000000));
}

TEST(waits_are_rounded_up_and_bounded)
{
	struct clock clock;

	clock_init_virtual(&clock, 0);
	ck_assert_int_eq(clock_real_wait_ms(&clock, 0), 0);
	ck_assert_int_eq(clock_real_wait_ms(&clock, -1), 0);
	ck_assert_int_eq(clock_real_wait_ms(&clock, 1), 1);
	ck_assert_int_eq(clock_real_wait_ms(&clock, 5000000), 5);
	ck_assert_int_eq(clock_real_wait_ms(&clock, 5000001), 6);
	ck_assert_int_eq(clock_real_wait_ms(&clock, INT64_MAX), INT_MAX);
	clock.scale = 1000;
	ck_assert_int_eq(clock_real_wait_ms(&clock, 60 * SECOND_NS), 60);
}

TEST(writes_the_two_formats_of_dates)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;

	ck_assert_str_is(time_iso8601(&arena, INT64_C(1795262400123)), STR("2026-11-21T12:00:00Z"));
	ck_assert_str_is(time_basic(&arena, INT64_C(1795262400123)), STR("20261121T120000Z"));
	ck_assert_str_is(time_iso8601(&arena, 0), STR("1970-01-01T00:00:00Z"));
}

TEST(reads_dates_with_fractions_and_zones)
{
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{"2026-11-21T12:00:00Z", 1795262400000},
		{"2026-11-21t12:00:00.5z", 1795262400500},
		{"2026-11-21 12:00:00.123456789Z", 1795262400123},
		{"2026-11-21T13:30:00+01:30", 1795262400000},
		{"2026-11-21T04:00:00-0800", 1795262400000},
		{"2024-02-29T00:00:00Z", 1709164800000},
	};
	static const char *const wrong[] = {
		"",
		"2026-11-21",
		"2026-11-21T12:00:00",
		"2026-11-21T12:00:00.Z",
		"2026-11-21T12:00:00Zx",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z",
		"2026-01-01T24:00:00Z",
		"2026-01--1T00:00:00Z",
		"2026-01-01T00:00:00+99:00",
		"20260101T000000Z",
	};
	int64_t ms = 7;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		ck_assert_msg(!time_parse(str_from(wrong[i]), &ms), "%s", wrong[i]);
	ck_assert_int_eq(ms, 7);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ck_assert_msg(time_parse(str_from(cases[i].text), &ms), "%s", cases[i].text);
		ck_assert_int_eq(ms, cases[i].ms);
	}
}

TEST(reads_the_three_dates_of_http)
{
	int64_t ms = 0;

	ck_assert(time_parse_http(STR("Sun, 06 Nov 1994 08:49:37 GMT"), &ms));
	ck_assert_int_eq(ms, INT64_C(784111777000));
	ck_assert(time_parse_http(STR("Sunday, 06-Nov-94 08:49:37 GMT"), &ms));
	ck_assert_int_eq(ms, INT64_C(784111777000));
	ck_assert(time_parse_http(STR("Sun Nov  6 08:49:37 1994"), &ms));
	ck_assert_int_eq(ms, INT64_C(784111777000));
	ck_assert(!time_parse_http(STR("120"), &ms));
	ck_assert(!time_parse_http(STR("Sun, 06 Nov 1994 08:49:37 GMT and more"), &ms));
	ck_assert(!time_parse_http(STR(""), &ms));
}

TEST(fixed_randomness_repeats_and_real_does_not)
{
	struct random first;
	struct random second;
	struct random real = {0};
	char hex[2][33];
	char uuid[RANDOM_UUID_LEN + 1];

	random_init_fixed(&first, 42);
	random_init_fixed(&second, 42);
	for (int i = 0; i < 100; i++) {
		double x = random_unit(&first);

		ck_assert(x >= 0 && x < 1);
		ck_assert_double_eq(x, random_unit(&second));
	}
	random_hex(&real, hex[0], 32);
	random_hex(&real, hex[1], 32);
	ck_assert_uint_eq(strspn(hex[0], "0123456789abcdef"), 32);
	ck_assert_str_ne(hex[0], hex[1]);
	random_uuid(&real, uuid);
	ck_assert_uint_eq(strlen(uuid), RANDOM_UUID_LEN);
	ck_assert_uint_eq(strspn(uuid, "-0123456789abcdef"), RANDOM_UUID_LEN);
	ck_assert(uuid[8] == '-' && uuid[13] == '-' && uuid[18] == '-' && uuid[23] == '-');
	ck_assert(uuid[14] == '4' && strchr("89ab", uuid[19]));
}
