/* The figures of an evaluation: precision, recall, noise and cost, of everything or of one part. */
#ifndef EVAL_FIGURES_H
#define EVAL_FIGURES_H

#include "eval/bands.h"
#include "eval/match.h"
#include "eval/stats.h"

/* The replies of one run, each matched with its case. */
struct scored {
	const struct eval_case *item;
	const struct eval_reply *reply;
	struct match match;
	size_t case_idx;
};

struct scoring {
	const struct eval_case *cases;
	size_t cases_len;
	struct scored *items;
	size_t len;
	size_t unknown; /* replies to cases that are not there */
};

/*
 * Matches every complete reply.  Cases and results are borrowed.  Replies to cases that are not among
 * `cases` are counted as unknown.
 */
struct scoring scoring_make(struct arena *arena, const struct eval_case *cases, size_t cases_len,
			    const struct eval_results *results);

/* The same as if no judge had been asked. */
struct scoring scoring_without_judge(struct arena *arena, const struct eval_case *cases,
				     size_t cases_len, const struct eval_results *results);

/* A part of the findings and expected rows; empty members take all. */
struct part {
	struct str agent, model, category, context, language;
	bool tuning; /* without held-out cases */
};

/* Counts; those of a case are averaged over its repeats. */
struct tally {
	double expected, expected_high; /* rows; those of severity high and above */
	double hits, hits_high;
	double noise, known_false, duplicates, allowed;
	double in_summary, unverified, preexisting, hidden, dropped;
	double dropped_wrongly; /* they would have been hits */
	double graded, severity_near, severity_exact;
};

struct figures {
	size_t cases, clean_cases, replies, incomplete;
	double clean_silent; /* clean cases without a finding, averaged over repeats */
	struct tally tally;
	struct interval precision, recall, recall_high, f1, f05, noise_per_clean, silent;
	struct {
		double hits, shown;
	} bands[CONFIDENCE_BANDS + 1];
	int64_t input_tokens, output_tokens, cache_read_tokens, cache_write_tokens;
	double cost_usd; /* negative: a price is unknown */
	double seconds_median, seconds_95;
};

/* The counts alone, without intervals. */
struct tally figures_tally(const struct scoring *scoring, const struct part *part);

struct figures figures_make(const struct scoring *scoring, const struct part *part);

/* The distinct agents, models, categories, contexts or languages of a scoring, sorted. */
enum dimension { BY_AGENT, BY_MODEL, BY_CATEGORY, BY_CONTEXT, BY_LANGUAGE, DIMENSION_COUNT };
extern const char *const dimension_names[DIMENSION_COUNT];
struct strings figures_values(struct arena *arena, const struct scoring *scoring,
			      enum dimension dimension);
struct part part_of(enum dimension dimension, struct str value);

/* A case that went another way than in the other run. */
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

struct comparison figures_compare(struct arena *arena, const struct scoring *ours,
				  const struct scoring *theirs, const struct part *part);

/* "better", "worse" or "not distinguishable": whether the interval of a difference spans 0. */
const char *difference_verdict(struct interval difference);

#endif
