/* A change as text: the unified diff that git prints and diff_parse() reads. */
#ifndef DIFF_UNIFIED_H
#define DIFF_UNIFIED_H

#include "diff/diff.h"

/*
 * Appends every file with git's extended headers.  A binary file is one line, as git prints it; a file whose
 * patch is missing has its headers only.
 */
void diff_unified_add(struct buf *out, const struct diff *diff);

#endif
