/* Reads the hunks of one file, from a diff or from a patch of GitHub. */
#ifndef DIFF_HUNKS_H
#define DIFF_HUNKS_H

#include "base/vec.h"
#include "diff/diff.h"

/* Text that is read line by line; `number` is that of the line read last, from 1. */
struct diff_reader {
	struct str rest;
	size_t number;
	bool crlf; /* every line, headers too, ends in CR LF: the CR is not part of it */
};

bool reader_next(struct diff_reader *reader, struct str *line);
bool reader_peek(const struct diff_reader *reader, struct str *line);

struct hunk_list {
	VEC_FIELDS(struct diff_hunk);
};

/* True for a line that begins a hunk ("@@ -"). */
bool hunk_starts(struct str line);

/*
 * Reads the hunk whose header is the reader's next line, and its lines; adds it to `hunks` and its lines
 * to the file's additions and deletions.  ERROR_SYNTAX names the line.
 */
bool hunk_read(struct diff_reader *reader, struct arena *arena, struct diff_file *file,
	       struct hunk_list *hunks, struct error *err) MUST_USE;

/* Moves the hunks into the file, behind those that it has. */
void hunks_give(struct hunk_list *hunks, struct arena *arena, struct diff_file *file);

#endif
