/* Whether a finding is about code that the change does not touch. */
#ifndef FINDING_UNCHANGED_H
#define FINDING_UNCHANGED_H

#include "finding/evidence.h"
#include "finding/finding.h"

/*
 * Returns whether the quoted lines (`span`) and the finding's own are all unchanged.  A line directly beside
 * deleted ones that nothing replaces counts as changed: a deletion leaves no other new line to point at.
 */
bool finding_is_on_unchanged_lines(const struct finding *finding, const struct span *span);

#endif
