/* Findings as SARIF 2.1.0, as GitHub's code scanning takes it. */
#ifndef OUTPUT_SARIF_H
#define OUTPUT_SARIF_H

#include "output/view.h"
#include "value/value.h"

/*
 * Gives the bytes of a file at the head commit, for the fingerprint of a line (appended to `out`); false
 * when they cannot be had.  May wait.
 */
typedef bool sarif_file(void *ctx, struct str path, struct buf *out);

struct sarif_files {
	sarif_file *read;
	void *ctx;
};

/* What GitHub keeps of a run (docs.github.com, "SARIF support"): more would be refused or cut. */
enum { SARIF_RESULTS_MAX = 5000, SARIF_TEXT_MAX = 1024 };

/*
 * The log of one run: a rule for each agent and category, a result for each open finding that has a
 * path.  `partialFingerprints.primaryLocationLineHash` comes from the file's text where `files` gives
 * it, else from the finding's quoted code.  `files` NULL: none can be read.
 */
struct value *sarif_value(struct arena *arena, const struct review_view *view,
			  const struct sarif_files *files);

#endif
