/* Makes one result of the units' answers: places, merges, votes, ranks, and counts coverage. */
#ifndef REVIEW_COLLECT_H
#define REVIEW_COLLECT_H

#include "review/review_run.h"

/* Fills run->result once no unit runs any more.  May wait, for an embedder. */
void collect(struct review_run *run);

#endif
