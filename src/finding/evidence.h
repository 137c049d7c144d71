/* The code that a finding quotes, and where it is in a file's change. */
#ifndef FINDING_EVIDENCE_H
#define FINDING_EVIDENCE_H

#include "base/arena.h"
#include "base/common.h"
#include "diff/diff.h"

/* Lines beyond are not compared; a quotation that long is unique by then. */
enum { EVIDENCE_LINES_MAX = 200 };

/*
 * Lines of code with white space folded, blank ones left out.  `has_kinds`: each came with the mark that
 * it bears in a diff, so that the two sides differ: added lines do not count on the left, nor deleted
 * ones on the right.
 */
struct evidence {
	struct str *lines;
	char *kinds; /* enum diff_line_kind */
	size_t len;
	bool has_kinds;
	uint32_t blank_before, blank_after; /* blank lines at its ends */
	bool short_text; /* fewer than six letters or digits: proves nothing elsewhere */
};

/*
 * The ways to read what a model quoted, most literal first: unchanged, except for a code fence; without the
 * numbers and marks that the change was shown with; without a patch's marks; without the paths and numbers of
 * tools; without back-ticks; up to a line that only says that something was left out.
 */
enum { EVIDENCE_READINGS = 6 };
struct evidence evidence_read(struct arena *arena, struct str text, int reading);

/* A place on one side of one hunk. */
struct span {
	const struct diff_hunk *hunk; /* NULL: none */
	size_t first, last;           /* indexes of the hunk's lines */
	uint32_t line, end_line;      /* their numbers on the side */
};

enum search_mode {
	SEARCH_WHOLE,           /* whole lines */
	SEARCH_WHOLE_OR_STATED, /* parts of lines will do at the stated ones */
	SEARCH_JOINED,          /* whole lines, but broken elsewhere than in the change */
	SEARCH_PARTS,           /* parts of lines will do everywhere */
};

/* What to search for, and the stated lines. */
struct evidence_search {
	const struct diff_file *file; /* its lines folded (placer.h) */
	const struct evidence *evidence;
	enum diff_side side;
	uint32_t line, end_line;
	enum search_mode mode;
};

enum search_result { SEARCH_NONE, SEARCH_STATED, SEARCH_ELSEWHERE, SEARCH_TIE };

/*
 * Looks on `search->side` for the evidence.  SEARCH_STATED: it is at the stated lines.
 * Otherwise the place nearest to the stated line; SEARCH_TIE when two are equally near (`span` is then
 * the first).  Linear in the file's change.
 */
enum search_result evidence_search(const struct evidence_search *search, struct span *span);

/*
 * Whether the evidence can be on the side whose joined lines are `joined` (placer.h), which takes one search: when
 * not, no mode of evidence_search() finds it.
 */
bool evidence_may_be_in(const struct evidence *evidence, enum diff_side side, struct str joined);

#endif
