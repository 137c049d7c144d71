/* The statistics of an evaluation: intervals for rates, and for figures over cases. */
#include "eval/stats.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

/* The 97.5 % quantile of the standard normal distribution. */
static const double normal_quantile = 1.959963984540054;

struct interval stats_wilson(double hits, double total)
{
	double z = normal_quantile;
	double rate, middle, half;

	if (total <= 0)
		return (struct interval){NAN, NAN, NAN};
	rate = hits / total;
	middle = (rate + z * z / (2 * total)) / (1 + z * z / total);
	half = z / (1 + z * z / total) *
	       sqrt(rate * (1 - rate) / total + z * z / (4 * total * total));
	return (struct interval){rate, fmax(0, middle - half), fmin(1, middle + half)};
}

static int compare_doubles(const void *a, const void *b)
{
	double first = *(const double *)a;
	double second = *(const double *)b;

	return first < second ? -1 : first > second;
}

void stats_sort(double *numbers, size_t count)
{
	qsort(numbers, count, sizeof(*numbers), compare_doubles);
}

double stats_percentile(const double *sorted, size_t count, double share)
{
	double place;
	size_t below;

	if (!count)
		return NAN;
	place = share * (double)(count - 1);
	below = (size_t)place;
	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

/* Whether at least two cases have the figure: resamples of one are all the same. */
static bool has_several(stats_figure *figure, const void *ctx, size_t cases)
{
	size_t defined = 0;

	for (size_t i = 0; defined < 2 && i < cases; i++)
		defined += isnan(figure(ctx, &i, 1)) ? 0 : 1;
	return defined >= 2;
}

struct interval stats_bootstrap(stats_figure *figure, const void *ctx, size_t cases)
{
	struct interval interval = {NAN, NAN, NAN};
	double *samples = memory_grow(NULL, STATS_RESAMPLES, sizeof(*samples));
	size_t *picked = memory_grow(NULL, cases ? cases : 1, sizeof(*picked));
	size_t len = 0;
	struct random random;

	random_init_fixed(&random, STATS_SEED);
	for (size_t i = 0; i < cases; i++)
		picked[i] = i;
	if (cases)
		interval.value = figure(ctx, picked, cases);
	for (size_t round = 0; cases && round < STATS_RESAMPLES; round++) {
		double sample;

		for (size_t i = 0; i < cases; i++)
			picked[i] = (size_t)(random_unit(&random) * (double)cases);
		sample = figure(ctx, picked, cases);
		if (!isnan(sample))
			samples[len++] = sample;
	}
	stats_sort(samples, len);
	if (!isnan(interval.value) && len &&
	    (samples[0] < samples[len - 1] || has_several(figure, ctx, cases))) {
		interval.low = stats_percentile(samples, len, 0.025);
		interval.high = stats_percentile(samples, len, 0.975);
	}
	free(samples);
	free(picked);
	return interval;
}

double stats_f(double precision, double recall, double beta)
{
	double weight = beta * beta;

	if (isnan(precision) || isnan(recall) || precision + recall <= 0)
		return isnan(precision) && isnan(recall) ? NAN : 0;
	return (1 + weight) * precision * recall / (weight * precision + recall);
}
