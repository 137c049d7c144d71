/* Matches the findings of a reply with the expected ones: one to one, by place and words, deterministic. */
#ifndef EVAL_REPLY_MATCH_H
#define EVAL_REPLY_MATCH_H

#include "eval/case.h"
#include "eval/results.h"

/* Lines that a finding may be away from the expected ones. */
enum { MATCH_LINES_NEAR = 3 };

/* The lowest Dice coefficient of the words at which a finding matches a label's `text`. */
#define MATCH_WORDS_ALIKE 0.25

enum finding_verdict {
	VERDICT_HIT,         /* an expected problem */
	VERDICT_DUPLICATE,   /* one that another finding already hit */
	VERDICT_ALLOWED,     /* true, but optional */
	VERDICT_KNOWN_FALSE, /* known to be wrong */
	VERDICT_NOISE,       /* nothing that is expected or allowed */
	VERDICT_NOT_SHOWN,   /* hidden, dropped, unverified or pre-existing: counted separately */
};

extern const char *const verdict_names[]; /* ended by NULL */

/* The match of one reply. */
struct match {
	enum finding_verdict *verdicts; /* one a finding */
	int *of_finding;                /* the index in `expect`, `allow` or `forbid`; -1 */
	int *of_expected; /* the finding that hit it, one an expected row; -1: missed */
	bool *near;       /* a finding is on the lines of this row, but its words do not fit */
};

/*
 * Matches the findings that people see.  A pair fits when the row's place and its words fit.  The place: path
 * and side agree, and the lines overlap or are at most MATCH_LINES_NEAR apart; a row without a path fits any
 * place.  The words: `says` matches title or body; else `text` is similar; else any words, if both have
 * lines.  `reply->judged` overrules the words of pairs whose place fits.  Pairs are taken by the most common
 * lines, then the nearest, then by order.  Arrays live in `arena`.
 */
struct match match_reply(struct arena *arena, const struct eval_case *item,
			 const struct eval_reply *reply);

/* An expected row and a finding that counts as noise on its lines: only their words differ. */
struct undecided {
	size_t row, finding;
};

/*
 * The pairs that a judge has to be asked about: those without a verdict in `reply->judged`.  Missed rows come
 * first; of a row that was hit, the finding may be a duplicate.
 */
size_t match_undecided(struct arena *arena, const struct eval_case *item,
		       const struct eval_reply *reply, struct undecided **pairs);

/* Whether the lines of a row and of a finding fit. */
bool match_lines_fit(const struct expectation *row, const struct eval_finding *finding);

#endif
