/* Earlier findings about this change, so that a model does not repeat them. */
#ifndef REVIEW_EARLIER_H
#define REVIEW_EARLIER_H

#include "review/unit.h"

enum { MEMORY_ITEMS_MAX = 50 }; /* in one request; those dismissed here come first */

/*
 * Appends what was posted or dismissed about the files that the unit sees, and what was dismissed on other pull
 * requests about files near them, a line each, redacted.
 */
void memory_add(struct buf *out, const struct change *change, const struct unit *unit);

#endif
