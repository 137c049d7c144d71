/* Results of other tools about added lines: read from SARIF, shown to models to check. */
#ifndef REVIEW_HINTS_H
#define REVIEW_HINTS_H

#include "review/unit.h"

enum {
	HINTS_MAX = 500,           /* of one run */
	HINTS_SHOWN_MAX = 50,      /* in one request */
	HINTS_SIZE_MAX = 16 << 20, /* of a SARIF file */
};

struct hint_list {
	VEC_FIELDS(struct hint); /* strings live in the arena that hints_read() was given */
};

/*
 * Adds the results of a SARIF 2.1.0 text that are about lines which `diff` adds.  `root` is a
 * folder in front of absolute paths, or empty.  ERROR_SYNTAX when it is not SARIF.
 */
bool hints_read(struct arena *arena, struct str text, const struct diff *diff, struct str root,
		struct hint_list *hints, struct error *err) MUST_USE;

/* Appends those about files that the unit sees, a line each, redacted. */
void hints_add(struct buf *out, const struct change *change, const struct unit *unit);

#endif
