/* The line of one agent on a terminal, while a review runs. */
#ifndef OUTPUT_LIVE_ROW_H
#define OUTPUT_LIVE_ROW_H

#include "base/buf.h"
#include "review/result.h"

/* All borrowed. */
struct live_row {
	const struct agent_result *agent;
	int findings;     /* seen so far */
	const char *note; /* its current step, or its latest finding; or empty */
	int64_t began_ms; /* when the run began, by the same clock as `now_ms` */
	int64_t now_ms;
	bool color;
	int width; /* of the screen */
};

/* Appends the line, at most as wide as the screen. */
void live_row_add(struct buf *out, const struct live_row *row);

#endif
