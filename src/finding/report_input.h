/* The input of `report_findings`, by which an agent answers: its schema and decoder. */
#ifndef FINDING_REPORT_INPUT_H
#define FINDING_REPORT_INPUT_H

#include "finding/finding.h"
#include "value/value.h"

/*
 * The JSON Schema of the input.  `line` and `evidence` are asked for always (they are in "required"),
 * though report_decode() does without them.  With an analysis, that comes first, for a model that
 * does not think before it answers.
 */
struct value *report_schema(struct arena *arena, bool with_analysis);

enum { REPORT_FINDINGS_MAX = 200 };

/*
 * Appends what `input` reports to `findings` (strings copied into its arena) and sets `summary`, in the
 * same arena.  ERROR_MODEL "/findings/3/severity: must be one of ..." when the shape is wrong, for the
 * model to read; `findings` is then unchanged.
 */
bool report_decode(const struct value *input, struct findings *findings, struct str *summary,
		   struct error *err) MUST_USE;

#endif
