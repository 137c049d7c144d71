/* The data of a finding in its comment, for figures: agents, category, severity, confidence. */
#ifndef PUBLISH_ABOUT_H
#define PUBLISH_ABOUT_H

#include "base/arena.h"
#include "base/buf.h"
#include "finding/finding.h"
#include "value/strings.h"

struct comment_about {
	struct strings agents;
	struct str category;
	int severity;      /* enum severity */
	double confidence; /* 0 to 1; negative: not given */
};

/*
 * Appends `<!-- outcrop:about agents=A,B category=C severity=S confidence=90 -->` and a line break.  It
 * comes before the mark of the finding, so that figures do not depend on words that people read.
 */
void about_add(struct buf *out, const struct finding *finding);

/* Reads the mark in `body`.  False without one, as in comments of older versions. */
bool about_read(struct str body, struct arena *arena, struct comment_about *about);

/* Appends the mark of `body` unchanged, with a line break; nothing without a mark. */
void about_copy(struct buf *out, struct str body);

#endif
