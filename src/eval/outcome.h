/* What became of findings that were posted: lines changed, threads resolved, dismissals. */
#ifndef EVAL_OUTCOME_H
#define EVAL_OUTCOME_H

#include "eval/stats.h"
#include "finding/finding.h"
#include "value/fields.h"

enum pull_state { PULL_OPEN, PULL_MERGED, PULL_CLOSED };

/* Who resolved a thread.  GitHub does not name an App, outcrop itself for example. */
enum resolver { RESOLVER_NOBODY, RESOLVER_AUTHOR, RESOLVER_PERSON, RESOLVER_APP };

struct outcome {
	int64_t pull;
	int pull_state; /* enum pull_state */
	struct str url; /* of its comment; empty: it is in the summary */
	struct str id, path, title, category, posted_at;
	int severity;      /* enum severity */
	double confidence; /* negative: not known */
	struct strings agents;
	bool in_line; /* a comment on lines */

	/* How many lines it is on, and how many of them changed afterwards; 0 lines: not known. */
	int64_t lines, lines_changed;

	int resolver; /* enum resolver */
	struct str resolved_by;
	bool fixed; /* outcrop itself found that its code is gone */
	int64_t up, down, reactions, replies;
	bool dismissed;
	struct str dismissed_by, reason;
};

/* Everything lives in the arena that it was made in. */
struct outcomes {
	int64_t schema_version;
	struct str repository, reviewer;
	struct str since, until;       /* ISO 8601 */
	int64_t pulls, pulls_reviewed; /* read; of those with findings */
	bool cut;                      /* there were more pull requests than were looked at */
	/* Added lines of the same files without a finding, of closed pull requests; those that changed. */
	int64_t control_lines, control_changed;
	struct list findings; /* of struct outcome */
};

enum { OUTCOMES_VERSION = 1 };

/* The records as an object of JSON. */
struct value *outcomes_record(struct arena *arena, const struct outcomes *outcomes);

/*
 * Whether a change touched a line: it was taken out or changed, or lines that replace no others were added
 * directly before or after it.  `file` is the change of that file, NULL when it did not change; `line` is one
 * of its old side.
 */
bool outcome_line_touched(const struct diff_file *file, uint32_t line);

/* ---- Figures ---- */

/* An empty part takes all. */
struct outcome_part {
	struct str agent, category;
	int severity; /* -1: every one */
	int band;     /* see bands.h; -1: every one */
};
#define OUTCOME_PART_ALL ((struct outcome_part){.severity = -1, .band = -1})

struct outcome_figures {
	int64_t findings;
	int64_t open;                 /* in pull requests that are still open */
	int64_t judged;               /* of closed ones, on lines that are known */
	int64_t changed;              /* of `judged`: a line of it changed afterwards */
	int64_t lines, lines_changed; /* of `judged` */
	int64_t resolved, resolved_by_people, fixed;
	int64_t dismissed, down, up, replied; /* findings, not votes */
	struct interval changed_share;        /* of `judged`, Wilson */
};

struct outcome_figures outcome_figures(const struct outcomes *outcomes,
				       const struct outcome_part *part);

/* The share of `control_lines` that changed; NAN without any. */
double outcomes_control(const struct outcomes *outcomes);

enum outcome_dimension {
	OUTCOME_BY_AGENT,
	OUTCOME_BY_CATEGORY,
	OUTCOME_BY_SEVERITY,
	OUTCOME_BY_CONFIDENCE,
	OUTCOME_DIMENSION_COUNT,
};
extern const char *const outcome_dimension_names[OUTCOME_DIMENSION_COUNT];

struct outcome_row {
	struct str name;
	struct outcome_part part;
};

/* The parts of a dimension that have a finding: names sorted, severities and confidence by rank. */
size_t outcome_rows(struct arena *arena, const struct outcomes *outcomes,
		    enum outcome_dimension dimension, struct outcome_row **rows);

#endif
