/* The findings as instructions for a coding agent: only what it needs to fix them. */
#ifndef OUTPUT_AGENT_TEXT_H
#define OUTPUT_AGENT_TEXT_H

#include "base/buf.h"
#include "output/view.h"

/* Appends each finding that is shown, worst first: place, severity and title, text, code, and its replacement. */
void agent_text(struct buf *out, const struct review_view *view);

#endif
