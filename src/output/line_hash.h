/* GitHub's rolling hash of a line, by which code scanning follows a result through changes. */
#ifndef OUTPUT_LINE_HASH_H
#define OUTPUT_LINE_HASH_H

#include "base/arena.h"
#include "base/str.h"

/*
 * GitHub's hash of a line: over 100 UTF-16 units from its first character on that is no blank or tab,
 * as hex, and ":1" for its first occurrence in the file, ":2" for the next
 * (github/codeql-action, src/fingerprints.ts).  `line` is 1-based; empty when the file is shorter.
 */
struct str sarif_line_hash(struct arena *arena, struct str file, uint32_t line);

#endif
