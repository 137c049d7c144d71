/* The results of an evaluation: findings as people would see them, time, tokens and cost. */
#ifndef EVAL_RESULTS_H
#define EVAL_RESULTS_H

#include "finding/finding.h"
#include "value/fields.h"

/* Where a finding ended, in the order of how visible it is. */
enum shown {
	SHOWN_INLINE,      /* on lines of the change */
	SHOWN_SUMMARY,     /* listed in the summary and counted */
	SHOWN_UNVERIFIED,  /* its quoted code is not in the change */
	SHOWN_PREEXISTING, /* about unchanged lines */
	SHOWN_HIDDEN,      /* below a floor: in the report only */
	SHOWN_DROPPED,     /* by the referee or a rule */
};

extern const char *const shown_names[]; /* ended by NULL */

struct eval_finding {
	struct str path;
	int64_t line, end_line; /* 0: no line */
	int side;               /* enum diff_side */
	int severity;           /* enum severity */
	struct str category, title, body;
	double confidence; /* negative: not given */
	struct strings agents, models;
	int shown;         /* enum shown */
	struct str reason; /* why it is not shown */
};

/* One reply to one case.  Several with one case are repeats. */
struct eval_reply {
	struct str name;      /* the case */
	int64_t repeat;       /* from 1 */
	bool complete;        /* every required agent finished; else the reply is not scored */
	struct str error;     /* why not */
	struct list findings; /* of struct eval_finding */
	int64_t input_tokens, output_tokens, cache_read_tokens, cache_write_tokens;
	double cost_usd; /* negative: unknown */
	double seconds;
	struct list judged; /* of struct eval_verdict */
};

/* A judge's verdict on one pair: whether both state the same problem. */
struct eval_verdict {
	int64_t expected, finding; /* indexes in the case's `expect` and in `findings` */
	bool same;
	struct str why, model;
};

struct eval_results {
	int64_t schema_version;
	struct str label;    /* agents and models, for a heading */
	bool replayed;       /* the replies are recorded ones */
	struct str source;   /* where they are from, as the folder of the cases says; or empty */
	struct list replies; /* of struct eval_reply */
};

enum { EVAL_RESULTS_VERSION = 1, EVAL_RESULTS_SIZE_MAX = 256 << 20 };

/* Reads what eval_results_value() made.  ERROR_PROTOCOL names the place. */
bool eval_results_read(struct arena *arena, const struct value *value, struct eval_results *out,
		       struct error *err) MUST_USE;
struct value *eval_results_value(struct arena *arena, const struct eval_results *results);

#endif
