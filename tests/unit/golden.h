/* Golden cases: one file a case in tests/golden/AREA, so that a case needs no C. */
/*
 * A file begins with a sentence that says what the case shows. Then come sections; each begins with a line
 * "=== NAME" and reaches to the next one. "=== NAME escaped" stands for bytes that an editor would not show: \n, \t,
 * \r, \\, \xHH (a byte) and \u{HHHH} (a character) are read. The last section is "=== expected": what the test's
 * function made of the others. OUTCROP_GOLDEN_WRITE=1 writes it anew, to be read before it is committed.
 */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include "base/arena.h"
#include "base/buf.h"
#include "unit.h"

enum { GOLDEN_SECTIONS_MAX = 32 };

struct golden_section {
	struct str name, text;
};

struct golden {
	struct arena arena; /* for the function's own use too */
	const char *name;   /* of the file */
	struct golden_section sections[GOLDEN_SECTIONS_MAX];
	size_t len;
};

/* The text of the first section of that name, without its last line break; empty when it is missing. */
struct str golden_text(const struct golden *golden, const char *name);

/* Ends the last line of `out` unless it is ended. */
void golden_end_line(struct buf *out);

/* Appends what the case gives to `out`. */
typedef void golden_fn(struct golden *golden, struct buf *out);

/* Runs each case of tests/golden/AREA, and fails with the names of those that differ. */
void golden_run(const char *area, golden_fn *run);

#endif
