/* Copying findings from one owner to another. */
#ifndef REVIEW_COPY_H
#define REVIEW_COPY_H

#include "finding/finding.h"

/* The finding with all its strings and sources in `arena`. */
struct finding finding_copy(struct arena *arena, const struct finding *finding);

#endif
