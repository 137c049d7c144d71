/* Reports of an evaluation: text, Markdown, JSON and JUnit. */
#ifndef EVAL_SUMMARY_H
#define EVAL_SUMMARY_H

#include "eval/figures.h"

/* What a summary is about.  `against` is NULL without another run. */
struct eval_summary {
	const struct scores *scores;
	const struct scores *unjudged; /* without a judge's verdicts; NULL: no judge was asked */
	const struct eval_results *results;
	const struct scores *against;
	struct str against_label;
	struct part part;   /* what the headline is limited to */
	bool list_findings; /* name every finding that is not a hit, and every row that was missed */
};

/* Plain text, at most 80 columns wide where names allow it. */
void summary_text(struct buf *out, const struct eval_summary *summary);
void summary_markdown(struct buf *out, const struct eval_summary *summary);
struct value *summary_value(struct arena *arena, const struct eval_summary *summary);

/* One test case a case: a failure when something was missed or is noise, an error when it is incomplete. */
void summary_junit(struct buf *out, const struct eval_summary *summary);

/* ---- Thresholds ---- */

struct threshold {
	struct str name; /* precision, recall, recall-high, f1, f05, silent */
	double least;
};

struct thresholds {
	struct threshold items[8];
	size_t len;
};

/* Reads "recall=.6,precision=.7".  ERROR_USAGE names what is wrong and the figures there are. */
bool thresholds_read(struct str text, struct thresholds *out, struct error *err) MUST_USE;

/* The first figure below its threshold, or NULL.  A figure that is not defined is below. */
const struct threshold *thresholds_missed(const struct thresholds *thresholds,
					  const struct figures *figures, double *value);

#endif
