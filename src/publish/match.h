/* Pairs the findings of a run with those posted earlier. */
#ifndef PUBLISH_MATCH_H
#define PUBLISH_MATCH_H

#include "finding/finding.h"
#include "publish/previous.h"

/*
 * Pairs one to one: candidates are on the same code (equal fingerprints), on overlapping lines of one side of
 * a file, or say the same in other words (claims_sameness()); equal code takes precedence over the rest, then
 * the most similar wording. A finding alone with one candidate is the same, however it is worded; only near
 * one that a person closed it must say the same, or quote the same code. Sets `fate` and `match` of the
 * previous ones; what is left over on the other side is new. `matches[i]` gets the previous finding of
 * findings->items[i], or NULL. O(n*m).
 */
void match_findings(struct findings *findings, struct previous *previous,
		    struct previous_finding **matches);

#endif
