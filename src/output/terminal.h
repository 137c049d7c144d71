/* The review on a terminal or in a log: the result as text, and progress while it runs. */
#ifndef OUTPUT_TERMINAL_H
#define OUTPUT_TERMINAL_H

#include <stdio.h>

#include "base/clock.h"
#include "output/view.h"
#include "review/progress.h"

/* Columns of the terminal, at least 40 and at most 120; TERMINAL_WIDTH where `file` is not a terminal. */
enum { TERMINAL_WIDTH = 96 };
int terminal_width(FILE *file);

/*
 * Appends the result for a reader of plain text, folded at `width` columns between words; `color` adds ANSI
 * colors.  Nothing in it can act.
 */
void terminal_add(struct buf *out, const struct review_view *view, bool color, int width);

enum display_kind {
	DISPLAY_LIVE,   /* a terminal: one line an agent, redrawn as things happen */
	DISPLAY_LINES,  /* a log: a line as each part begins and ends */
	DISPLAY_GROUPS, /* a workflow's log: what an agent said in one group when it has ended */
};

struct display;

/*
 * Shows progress on `file` (borrowed).  Under DISPLAY_GROUPS lines of agents that run side by side are
 * kept until their agent ends, so that each agent's lines are together.  The clock is borrowed.
 */
struct display *display_new(enum display_kind kind, FILE *file, bool color,
			    const struct clock *clock);
void display_free(struct display *display);
DEFINE_OWNED(display);

struct progress display_progress(struct display *display);

#endif
