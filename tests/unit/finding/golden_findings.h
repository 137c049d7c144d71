/* The findings of a golden case. */
#ifndef TESTS_UNIT_FINDING_GOLDEN_FINDINGS_H
#define TESTS_UNIT_FINDING_GOLDEN_FINDINGS_H

#include "finding/finding.h"
#include "golden.h"

/*
 * Adds the findings of the case: of each section "finding", whose reviewer is not known, and of each section
 * "finding of NAME", by the reviewer of that name.
 */
void golden_findings(const struct golden *golden, struct findings *findings);

/* The same; each is where it says that it is. */
void golden_findings_placed(const struct golden *golden, struct findings *findings);

#endif
