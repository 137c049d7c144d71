/* The figures of an evaluation: precision, recall, noise and cost, of everything or of one part. */
#ifndef EVAL_FIGURES_H
#define EVAL_FIGURES_H

#include "eval/bands.h"
#include "eval/stats.h"
#include "eval/tally.h"

struct figures {
	size_t cases, clean_cases, replies, incomplete;
	double clean_silent; /* clean cases without a wrong finding, averaged over repeats */
	struct tally tally;
	struct interval precision, recall, recall_high, f1, f05, noise_per_clean, silent;
	struct {
		double hits, shown;
	} bands[CONFIDENCE_BANDS + 1];
	int64_t input_tokens, output_tokens, cache_read_tokens, cache_write_tokens;
	double cost_usd; /* negative: a price is unknown */
	double seconds_median, seconds_95;
};

/* Returns the counts alone, without intervals. */
struct tally figures_tally(const struct scores *scores, const struct part *part);

struct figures figures_make(const struct scores *scores, const struct part *part);

/* The distinct agents, models, categories, contexts or languages of a scoring, sorted. */
enum dimension { BY_AGENT, BY_MODEL, BY_CATEGORY, BY_CONTEXT, BY_LANGUAGE, DIMENSION_COUNT };
extern const char *const dimension_names[DIMENSION_COUNT];
struct strings figures_values(struct arena *arena, const struct scores *scores,
			      enum dimension dimension);
struct part part_of(enum dimension dimension, struct str value);

/* A case whose result differs from the other run's. */
struct flip {
	struct str name;
	struct str what; /* "found: src/a.c:3", "missed: …", "noise: 0 -> 2" */
	bool better;
};

/* This run minus the other, over the cases that both scored, paired by case (arXiv 2411.00640). */
struct comparison {
	size_t cases;
	struct interval precision, recall, f1, f05;
	struct flip *flips;
	size_t flips_len;
};

struct comparison figures_compare(struct arena *arena, const struct scores *ours,
				  const struct scores *theirs, const struct part *part);

/* "better" or "worse"; "not distinguishable" when the interval of a difference contains 0 or is missing. */
const char *difference_verdict(struct interval difference);

#endif
