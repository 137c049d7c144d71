/* Counts of an evaluation: hits, misses and noise, of everything or of one part. */
#ifndef EVAL_TALLY_H
#define EVAL_TALLY_H

#include "eval/reply_match.h"

/* The replies of one run, each matched with its case. */
struct scored_reply {
	const struct eval_case *item;
	const struct eval_reply *reply;
	struct match match;
	size_t case_idx;
};

struct scores {
	const struct eval_case *cases;
	size_t cases_len;
	struct scored_reply *items;
	size_t len;
	size_t unknown; /* replies to unknown cases */
};

/*
 * Matches every complete reply.  Cases and results are borrowed.  Replies to cases that are not among
 * `cases` are counted as unknown.
 */
struct scores scores_make(struct arena *arena, const struct eval_case *cases, size_t cases_len,
			  const struct eval_results *results);

/* The same as if no judge had been asked. */
struct scores scores_without_judge(struct arena *arena, const struct eval_case *cases,
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

/* One case of a run: its counts, averaged over the repeats that are complete. */
struct case_tally {
	struct tally tally;
	double silent; /* share of repeats without a wrong finding: neither noise nor known-false */
	size_t repeats;
};

/* Whether a case, or the finding with that index of a reply, belongs to a part. */
bool part_has_case(const struct eval_case *item, const struct part *part);
bool part_has_finding(const struct scored_reply *scored, size_t idx, const struct part *part);

/* The counts of one case, averaged over its replies. */
struct case_tally tally_case(const struct scores *scores, size_t case_idx, const struct part *part);

/* Adds `other` to `sum`, member by member. */
void tally_add(struct tally *sum, const struct tally *other);

#endif
