/* What is posted on the pull request, as Markdown: the comment on lines and the summary. */
#ifndef OUTPUT_MARKDOWN_H
#define OUTPUT_MARKDOWN_H

#include "output/pages.h"
#include "output/view.h"

/* Below GitHub's 65,536 characters of a comment, with room for markers. In bytes, so never above it. */
enum { COMMENT_SIZE_MAX = 60000 };

/*
 * The body of one comment on lines: severity and title, the text, the suggestion if it can be applied,
 * the agents, and how to dismiss it.  A body too long is cut at a line, saying so (the report has all
 * of it).  Without the marker: publish adds it.
 */
void markdown_comment(struct buf *out, const struct finding *finding);

/*
 * The summary: conclusion and counts, agents that failed, every open finding (with its text when it
 * is nowhere else), what agents with other output said, what was not reviewed and why, the figures.
 * `reserve` bytes of the first page are left free for what publish adds (marker and state).  Without
 * markers.  Pages are cut between items.
 */
void markdown_summary(struct pages *pages, const struct review_view *view, size_t reserve);

/*
 * The same on one page and with every finding in full.  With a maximum, items that do not fit are left out, and a
 * sentence says how many.
 */
void markdown_document(struct buf *out, const struct review_view *view);
void markdown_document_within(struct buf *out, const struct review_view *view, size_t size_max);

#endif
