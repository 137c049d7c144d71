/* A case of an evaluation: a change whose problems are known. */
#ifndef EVAL_CASE_H
#define EVAL_CASE_H

#include "diff/diff.h"
#include "finding/finding.h"
#include "value/fields.h"
#include "value/problems.h"

/*
 * One row of `expect`, `allow` or `forbid`.  `at` quotes code of the change and is placed as a finding's
 * evidence is, so that line numbers need not be kept; `lines` ("42" or "42-45") is for imported labels.
 * Without either the row is about the file, and without `path` about the change.
 */
struct expectation {
	struct str path;
	struct str at;
	struct str lines;
	int side;     /* enum diff_side */
	int severity; /* enum severity; -1: not graded */
	struct strings category;
	struct str says;       /* a regular expression over title and body; or empty */
	struct str text;       /* what the label's author wrote: compared by words, or by a judge */
	struct strings agents; /* it counts in the recall of these; empty: of all */
	struct str
		context; /* what a reviewer has to read to see it, according to the label's source */
	struct str why;

	/* Set by eval_case_place(). */
	uint32_t line, end_line; /* 0: about the file or the change */
};

struct case_origin {
	struct str kind; /* escaped, injected, written, label */
	struct str url, license, base, head;
};

/* Returns "OWNER/REPO" of an origin's URL; empty when it has none. */
struct str case_repository(struct str url);

/* Everything lives in the arena that it was read into. */
struct eval_case {
	struct str name; /* its folder */
	struct str title, body;
	struct str language;
	struct case_origin origin;
	struct str proof; /* evidence that the defect is real, or that the code has none */
	bool held_out;    /* not to be looked at while prompts are changed */
	struct list expect, allow, forbid; /* of struct expectation */
	const struct value *source;
};

/* Reads a `case.yml`.  False when it added an error to `problems`.  The caller sets `out->name` before. */
bool eval_case_read(struct arena *arena, struct str text, struct str file, struct eval_case *out,
		    struct problems *problems) MUST_USE;

/*
 * Finds the lines of every row in the change.  Adds an error for quoted code that is not in the change, so
 * that outdated labels are noticed.
 */
bool eval_case_place(struct eval_case *item, const struct diff *diff, struct str file,
		     struct problems *problems) MUST_USE;

#endif
