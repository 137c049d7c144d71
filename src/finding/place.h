/* Where a finding belongs in the change: decided by its evidence, never by the model's word alone. */
#ifndef FINDING_PLACE_H
#define FINDING_PLACE_H

#include "finding/finding.h"
#include "finding/placer.h"

/* The placement_reason of a finding about a file that the change does not have. */
#define PLACE_NO_FILE "the change has no such file"
/* That of a finding that is not severe enough for a comment on its lines. */
#define PLACE_BELOW_INLINE "less severe than `inline`"

/*
 * Sets placement, placement_reason, quoted and id, corrects path (a renamed file's old name), line,
 * end_line and side, and takes back a suggestion that does not replace lines of one hunk on the
 * right side.  Nothing fails: what cannot be placed is PLACEMENT_SUMMARY with a reason.
 * `findings` owns the strings; linear in the size of the file's change. A placer serves all findings of one change.
 */
void placer_place(struct placer *placer, struct findings *findings, struct finding *finding);

/* The same for a single finding. */
void finding_place(struct findings *findings, struct finding *finding, const struct diff *diff);

#endif
