/* The headers of one file: what git writes between "diff --git" and the first hunk. */
#ifndef DIFF_FILE_HEADERS_H
#define DIFF_FILE_HEADERS_H

#include "diff/entries.h"

/* Reads a line of a file's headers; *taken is false when it is something else. */
bool header_read(struct diff_parser *parser, struct str line, bool *taken) MUST_USE;

#endif
