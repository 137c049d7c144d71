/* What the summary folds: findings that do not count, files that were not reviewed, the agents. */
#ifndef OUTPUT_FOLDED_H
#define OUTPUT_FOLDED_H

#include "output/pages.h"
#include "output/view.h"

/* Each adds one folded part, or nothing when it would be empty. */
/* Pre-existing, then unverified findings, each in full. */
void folded_findings(struct page_writer *writer, const struct review_view *view);
void folded_skipped(struct page_writer *writer, const struct review_view *view);
void folded_agents(struct page_writer *writer, const struct review_view *view);

#endif
