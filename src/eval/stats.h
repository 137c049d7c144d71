/* The statistics of an evaluation: intervals for rates, and for figures over cases. */
#ifndef EVAL_STATS_H
#define EVAL_STATS_H

#include "base/common.h"

/*
 * A figure with its 95 % interval.  `value` is NAN when nothing was counted (0 of 0); `low` and `high` are both NAN
 * without an interval.
 */
struct interval {
	double value, low, high;
};

/*
 * The Wilson score interval (E. B. Wilson, 1927) for `hits` of `total` at 95 %: for rates whose trials are
 * independent, as cases are.
 */
struct interval stats_wilson(double hits, double total);

enum { STATS_RESAMPLES = 2000 };
#define STATS_SEED UINT64_C(20261128)

/*
 * The percentile bootstrap over cases: `figure(ctx, picked, count)` computes the figure for the cases with
 * the indexes in `picked`, in which one may be there several times; NAN for "undefined in this sample",
 * which is left out.  There is no interval where fewer than two cases have the figure.  The same seed
 * gives the same interval on every machine.  Percentiles are interpolated linearly (Hyndman and Fan's
 * type 7, as NumPy does).
 */
typedef double stats_figure(const void *ctx, const size_t *picked, size_t count);
struct interval stats_bootstrap(stats_figure *figure, const void *ctx, size_t cases);

/*
 * F-measure: `beta` below 1 weighs precision more (van Rijsbergen, 1979).  NAN when both are NAN; 0 when one
 * is NAN or both are 0.
 */
double stats_f(double precision, double recall, double beta);

/* Sorts numbers, the smallest first; none may be NAN. */
void stats_sort(double *numbers, size_t count);

/* The `share` (0 to 1) percentile of sorted numbers, interpolated linearly; NAN without numbers. */
double stats_percentile(const double *sorted, size_t count, double share);

#endif
