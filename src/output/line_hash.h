/* GitHub's rolling hash of a line, by which code scanning follows a result through changes. */
#ifndef OUTPUT_LINE_HASH_H
#define OUTPUT_LINE_HASH_H

#include "base/arena.h"
#include "base/str.h"

/* A line whose hash is wanted. */
struct line_hash {
	uint32_t line;   /* 1-based */
	struct str text; /* the hash, in the arena; unchanged when the file is shorter */
};

/*
 * Sets GitHub's hash of each wanted line, in any order: over 100 UTF-16 units from its first character on that is
 * not a blank or tab, as hex, and ":1" for its first occurrence in the file, ":2" for the next
 * (github/codeql-action, src/fingerprints.ts). Reads the file twice, whatever the number of lines; breathes.
 */
void line_hashes(struct arena *arena, struct str file, struct line_hash **wanted, size_t len);

/* The same for one line. */
struct str sarif_line_hash(struct arena *arena, struct str file, uint32_t line);

#endif
