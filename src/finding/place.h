/* Places a finding in the change, by its evidence, never by the model's line numbers alone. */
#ifndef FINDING_PLACE_H
#define FINDING_PLACE_H

#include "finding/finding.h"
#include "finding/placer.h"

/* The placement_reason of a finding about a file that the change does not have. */
#define PLACE_NO_FILE "the change does not have this file"
/* That of a finding that is not severe enough for a comment on its lines. */
#define PLACE_BELOW_INLINE "less severe than `inline`"

/*
 * Sets placement, placement_reason, quoted and id, corrects path (a renamed file's old name), line,
 * end_line and side, and removes a suggestion that does not replace lines of one hunk on the
 * right side.  It cannot fail: a finding without a place gets PLACEMENT_SUMMARY and a reason.
 * `findings` owns the strings; linear in the size of the file's change. A placer serves all findings of one change.
 */
void placer_place(struct placer *placer, struct findings *findings, struct finding *finding);

/* The same for a single finding. */
void finding_place(struct findings *findings, struct finding *finding, const struct diff *diff);

#endif
