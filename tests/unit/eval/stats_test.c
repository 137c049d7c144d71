/* Intervals, F-measures and percentiles. */
#include <math.h>

#include "eval/stats.h"
#include "unit.h"

#define ck_assert_near(actual, expected) ck_assert_double_eq_tol(actual, expected, 5e-5)

/* SciPy 1.17: binomtest(hits, total).proportion_ci(method="wilson"). */
TEST(wilson_intervals_agree_with_scipy)
{
	static const struct {
		double hits, total, low, high;
	} rows[] = {
		{0, 30, 0, 0.113513},  {0, 60, 0, 0.060172},       {26, 38, 0.525442, 0.809154},
		{30, 30, 0.886487, 1}, {1, 2, 0.094531, 0.905469},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct interval interval = stats_wilson(rows[i].hits, rows[i].total);

		ck_assert_near(interval.value, rows[i].hits / rows[i].total);
		ck_assert_near(interval.low, rows[i].low);
		ck_assert_near(interval.high, rows[i].high);
	}
	ck_assert(isnan(stats_wilson(0, 0).value));
}

static double mean(const void *ctx, const size_t *picked, size_t count)
{
	const double *numbers = ctx;
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += numbers[picked[i]];
	return sum / (double)count;
}

static double mean_of_defined(const void *ctx, const size_t *picked, size_t count)
{
	const double *numbers = ctx;
	double sum = 0;
	size_t defined = 0;

	for (size_t i = 0; i < count; i++) {
		if (isnan(numbers[picked[i]]))
			continue;
		sum += numbers[picked[i]];
		defined++;
	}
	return defined ? sum / (double)defined : NAN;
}

TEST(bootstrap_gives_the_same_interval_every_time)
{
	static const double numbers[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	struct interval first = stats_bootstrap(mean, numbers, ARRAY_LEN(numbers));
	struct interval second = stats_bootstrap(mean, numbers, ARRAY_LEN(numbers));

	ck_assert_near(first.value, 5.5);
	ck_assert(first.low > 3.4 && first.low < 4.1);
	ck_assert(first.high > 6.9 && first.high < 7.6);
	ck_assert_double_eq(first.low, second.low);
	ck_assert_double_eq(first.high, second.high);
	ck_assert(isnan(stats_bootstrap(mean, numbers, 0).value));
}

TEST(one_case_has_a_value_and_no_interval)
{
	/* NAN: a case that does not have the figure, as a clean one has no recall. */
	static const double rows[][3] = {{0.25, NAN, NAN}, {NAN, 0.25, NAN}};
	static const double several[] = {0.25, 0.25, NAN};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (size_t cases = 2; cases <= 3; cases++) {
			struct interval interval = stats_bootstrap(mean_of_defined, rows[i], cases);

			ck_assert_near(interval.value, 0.25);
			ck_assert(isnan(interval.low) && isnan(interval.high));
		}
	}
	ck_assert(isnan(stats_bootstrap(mean, rows[0], 1).low));
	ck_assert_near(stats_bootstrap(mean_of_defined, several, 3).low, 0.25);
}

TEST(f_weighs_precision_and_recall)
{
	ck_assert_near(stats_f(0.339, 0.200, 1), 0.251577);
	ck_assert_near(stats_f(0.5, 0.25, 0.5), 0.416667);
	ck_assert_near(stats_f(0, 0, 1), 0);
	ck_assert(isnan(stats_f(NAN, NAN, 1)));
}

TEST(percentiles_are_interpolated)
{
	static const double sorted[] = {1, 2, 4, 8};

	ck_assert_near(stats_percentile(sorted, 4, 0), 1);
	ck_assert_near(stats_percentile(sorted, 4, 0.5), 3);
	ck_assert_near(stats_percentile(sorted, 4, 0.95), 7.4);
	ck_assert_near(stats_percentile(sorted, 4, 1), 8);
	ck_assert(isnan(stats_percentile(sorted, 0, 0.5)));
}
