/* Merges findings that say the same, and ranks them. */
#ifndef FINDING_MERGE_H
#define FINDING_MERGE_H

#include "finding/finding.h"
#include "finding/similar.h"

/* One vector a finding, each of `dimensions` numbers, for merging by meaning; `vectors` NULL: none. */
struct finding_vectors {
	const float *vectors;
	size_t dimensions;
};

/*
 * Joins findings about the same thing: exact ones first (same id and similar text), then near duplicates
 * (overlapping lines of one file and similar text, or near vectors).  The worst severity and the
 * words of its source, the best placement and the highest confidence stay; sources are united, `votes`
 * counts distinct models.  Two different findings on one line both stay.  The order of what stays is that of the
 * first of each.  Near linear in their number.
 */
void findings_merge(struct findings *findings, const struct finding_vectors *vectors);

/* A finding's place and text, for comparisons. */
struct claim {
	const struct finding *finding;
	struct words title, text;
	bool earlier; /* said in an earlier run, where the same reviewer may have used other words */
};

struct claim claim_of(struct arena *arena, const struct finding *finding);

/*
 * How alike two findings of one file are that say the same: above 0 if their places and words make them one, as in
 * findings_merge() without vectors; else 0.
 */
double claims_sameness(const struct claim *a, const struct claim *b);

/* Whether the two are known to come from different reviewers: agent or model differ in each source. */
bool findings_are_of_others(const struct finding *a, const struct finding *b);

/* Joins one finding to another: the worse severity and the words of that source, the better place, all sources. */
void finding_join(struct arena *arena, struct finding *into, const struct finding *from);

/* Worst first: severity, then votes, confidence, path, line.  Stable. */
void findings_rank(struct findings *findings);

#endif
