/* Escapes untrusted text for stdout where a terminal or the runner would act on it, piece by piece. */
#ifndef BASE_GUARD_H
#define BASE_GUARD_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

/* What of the current line has been written.  Zeroed it is at the start of a line. */
struct guard {
	bool begun;  /* a character that is not white space */
	bool colon;  /* it was one ':' */
	int numbers; /* how many '#' were written last: 0 to 2 */
};

/*
 * Appends `text`, which continues what was given before: "##[" anywhere and "::" at the start of a line
 * get a backslash, control characters and bidirectional marks are shown as \xNN or \uNNNN; tabs and line
 * breaks stay.
 */
void guard_add(struct guard *guard, struct buf *out, struct str text);

/* The same for JSON, whose values stay equal: "##[" becomes "##\u005b". */
void guard_add_json(struct buf *out, struct str json);

#endif
