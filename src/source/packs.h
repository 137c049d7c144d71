/* Looks at the packs of a repository before libgit2 maps them. */
#ifndef SOURCE_PACKS_H
#define SOURCE_PACKS_H

#include "base/error.h"

/*
 * False when something in the folder of packs below `objects` would block libgit2 or make it read past the end: a
 * pipe, a link, too many files, or an index whose size does not fit the number of its objects.  (libgit2 1.5
 * refuses such an index, unmaps it, and reads it again.)
 */
bool packs_check(const char *objects, struct error *err) MUST_USE;

#endif
