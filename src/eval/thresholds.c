/* The least figures that an evaluation must reach. */
#include <math.h>

#include "eval/summary.h"

/* The figures that a threshold may name; sorted by name. */
enum {
	NAMED_F05,
	NAMED_F1,
	NAMED_PRECISION,
	NAMED_RECALL,
	NAMED_RECALL_HIGH,
	NAMED_SILENT,
	NAMED_COUNT
};
static const char *const names[NAMED_COUNT] = {"f05",    "f1",          "precision",
					       "recall", "recall-high", "silent"};

static double value_of(const struct figures *figures, int named)
{
	const double values[NAMED_COUNT] = {
		[NAMED_F05] = figures->f05.value,
		[NAMED_F1] = figures->f1.value,
		[NAMED_PRECISION] = figures->precision.value,
		[NAMED_RECALL] = figures->recall.value,
		[NAMED_RECALL_HIGH] = figures->recall_high.value,
		[NAMED_SILENT] = figures->silent.value,
	};

	return values[named];
}

static int find_name(struct str name)
{
	for (int i = 0; i < NAMED_COUNT; i++) {
		if (str_eq(name, str_from(names[i])))
			return i;
	}
	return -1;
}

/* 0 to 1; ".6" too. */
static bool read_share(struct str text, double *share)
{
	SCOPED(buf) struct buf number = BUF_INIT;

	if (str_starts(text, STR(".")))
		buf_add_char(&number, '0');
	buf_add(&number, text);
	return str_to_double(buf_str(&number), share) && *share >= 0 && *share <= 1;
}

bool thresholds_read(struct str text, struct thresholds *out, struct error *err)
{
	struct thresholds thresholds = {0};
	struct str part;

	while (str_next_part(&text, ',', &part)) {
		struct str name, number;
		struct threshold threshold = {0};

		if (!str_cut(str_trim(part), STR("="), &name, &number) ||
		    find_name(str_trim(name)) < 0)
			return error_set(
				err, ERROR_USAGE,
				"\"%.*s\": expected NAME=NUMBER, with NAME one of f05, f1, precision, recall, recall-high, silent",
				STR_ARG(part));
		threshold.name = str_trim(name);
		if (!read_share(str_trim(number), &threshold.least))
			return error_set(err, ERROR_USAGE,
					 "\"%.*s\": the number must be from 0 to 1", STR_ARG(part));
		if (thresholds.len == ARRAY_LEN(thresholds.items))
			return error_set(err, ERROR_USAGE, "more than %zu thresholds",
					 ARRAY_LEN(thresholds.items));
		thresholds.items[thresholds.len++] = threshold;
	}
	*out = thresholds;
	return true;
}

const struct threshold *thresholds_missed(const struct thresholds *thresholds,
					  const struct figures *figures, double *value)
{
	for (size_t i = 0; i < thresholds->len; i++) {
		*value = value_of(figures, find_name(thresholds->items[i].name));
		if (isnan(*value) || *value < thresholds->items[i].least)
			return &thresholds->items[i];
	}
	return NULL;
}
