/* The faults of the scenario: which request of which operation fails, and how. */
#ifndef EMULATOR_FAULTS_H
#define EMULATOR_FAULTS_H

#include <stdio.h>

#include "base/common.h"
#include "value/value.h"

/* One row of "faults": {on: ..., nth: 1, times: 1, fault: NAME, ...}. */
struct fault_row {
	struct str on;
	int64_t nth, times; /* the first one that fails, 1-based, and how many do */
	int64_t seen;       /* requests that matched so far */
	const struct value *row;
};

struct faults {
	struct fault_row *rows;
	size_t len;
};

/* Reads the list (checked by scenario_read()) into the arena; NULL is an empty one. */
void faults_init(struct faults *faults, struct arena *arena, const struct value *list);

/* The names of all faults, one a line. */
void faults_print(FILE *file);

/* Returns the first row whose fault has an unknown name, or NULL. */
const struct value *faults_unknown(const struct value *list);

/*
 * Counts a request of that operation ("converse", "github POST /repos/a/b/pulls/1/reviews") and gives the
 * row whose turn it is, or NULL.  The words of `on` are compared one by one, the last one of three as a
 * path pattern; "*" matches any word.
 */
const struct value *faults_take(struct faults *faults, struct str operation);

#endif
