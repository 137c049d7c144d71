/* Writes a `case.yml`: whole, or with one more row. */
#ifndef EVAL_CASE_WRITE_H
#define EVAL_CASE_WRITE_H

#include "eval/case.h"
#include "eval/results.h"

/* Appends the case as YAML.  Texts are written as JSON strings, which are YAML. */
void case_write(struct buf *out, const struct eval_case *item);

/* A row to add: the problem that a finding reports. */
struct case_row {
	const char *list; /* "expect", "allow" or "forbid" */
	const struct eval_finding *finding;
	struct str at; /* the quoted code; empty: the finding's lines are written instead */
};

/*
 * Appends to `out` the text of a `case.yml` with one more row.  Everything else, comments too, keeps its bytes.
 * ERROR_CONFIG when the list is not a block list that can be added to.
 */
bool case_accept(struct buf *out, struct str text, const struct eval_case *item,
		 const struct case_row *added, struct error *err) MUST_USE;

#endif
