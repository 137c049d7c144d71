/* What a model plainly means, in the form that was asked for. */
#ifndef FINDING_PLAIN_H
#define FINDING_PLAIN_H

#include "value/value.h"

/*
 * Returns the input of `report_findings` in the form of its schema where only the form differs: the report as a
 * list of findings, as one finding or nested once more; a list as JSON text; numbers and severities written
 * otherwise. What is not plain stays as it is, for report_decode() to refuse.
 */
struct value *report_plain(struct arena *arena, const struct value *input);

#endif
