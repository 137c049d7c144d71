/* The files of one change in the forms in which quoted code is searched: made when first needed, then kept. */
#ifndef FINDING_PLACER_H
#define FINDING_PLACER_H

#include "base/arena.h"
#include "base/buf.h"
#include "diff/diff.h"

/*
 * The folded lines of a file, unchanged or in their visible form: hunk by hunk and line by line those of the
 * diff. `joined` holds those of each side that are not blank, joined by blanks, a line break between hunks: what is
 * not in it is nowhere on that side.
 */
struct place_text {
	struct diff_file file;
	struct str joined[2]; /* by enum diff_side */
};

struct place_file {
	const struct diff_file *file; /* NULL: not made yet */
	bool plain;                   /* ASCII only: its visible form is the file itself */
	struct place_text *bytes, *visible;
};

/*
 * Borrows the diff, which must not change. Zeroed it holds nothing.
 *
 * Life cycle: placer_init() -> placer_place() of place.h for each finding -> placer_release().
 */
struct placer {
	const struct diff *diff;
	struct arena arena;
	struct place_file *files; /* one for each of the diff */
};

void placer_init(struct placer *placer, const struct diff *diff);
void placer_release(struct placer *placer);

/* The file of the diff, and its text by bytes. */
struct place_file *placer_file(struct placer *placer, const struct diff_file *file);

/* The text in its visible form. */
const struct place_text *placer_visible(struct placer *placer, struct place_file *file);

#endif
