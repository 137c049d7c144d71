/* Lines that name a changed file without showing its change: "Only in", "Submodule"... */
#ifndef DIFF_MENTIONS_H
#define DIFF_MENTIONS_H

#include "diff/entries.h"

/* Reads such a line, and lists its file; *taken is false when it is something else. */
bool mention_read(struct diff_parser *parser, struct str line, bool *taken) MUST_USE;

#endif
