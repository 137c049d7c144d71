/* How alike two texts are. */
#ifndef FINDING_SIMILAR_H
#define FINDING_SIMILAR_H

#include "base/str.h"

/*
 * Dice's coefficient over the sets of words of two texts: 0 nothing in common, 1 the same words.  Words
 * are runs of letters, digits and '_', case folded; at most the first 400 of a text count.
 */
double text_similarity(struct str a, struct str b);

#endif
