/* Brings a model's report into the form of the schema where only the form differs. */
#ifndef FINDING_PLAIN_H
#define FINDING_PLAIN_H

#include "value/value.h"

/*
 * Returns the input of `report_findings` in the form of its schema where only the form differs: the report as a
 * list of findings, as one finding or nested once more; a list as JSON text; numbers and severities written
 * otherwise. Anything else is unchanged, and report_decode() refuses it.
 */
struct value *report_plain(struct arena *arena, const struct value *input);

#endif
