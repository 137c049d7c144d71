/* Parts of a finding's text that the comment on lines and the summary share. */
#ifndef OUTPUT_TEXTS_H
#define OUTPUT_TEXTS_H

#include "output/view.h"

/* Limits in bytes of what is shown of one finding; the report has the rest. */
enum {
	TITLE_SIZE_MAX = 400,
	CATEGORY_SIZE_MAX = 60,
	BODY_SIZE_MAX = 20000,
	SUGGESTION_SIZE_MAX = 30000,
	REASON_SIZE_MAX = 300,
	OTHERS_MAX = 10,
};

/* What parts of a comment begin with: a later run finds them by that. */
#define COMMENT_WHY "<details><summary>Why</summary>"
#define COMMENT_OTHERS "The same problem is at "
#define COMMENT_REPORTED "Reported by "

/* One line of running text, or of a table's cell. */
void text_add_title(struct buf *out, const struct finding *finding, bool cell);

/* Markdown, at most `size_max` bytes; says so where it was cut.  Ends with a newline. */
void text_add(struct buf *out, struct str text, size_t size_max);

/* Why something failed, for the public: without account ids, ARNs and request ids. */
void text_add_reason(struct buf *out, struct str reason, bool cell);

/* What ended an agent, without the name of its part in front: "AGENT/MODEL 1/3: ". */
struct str text_agent_error(const struct agent_result *agent);

/* Whether two texts are the same failure except for request ids: it is shown once. */
bool text_same_failure(struct str a, struct str b);

/* Says so where `left` bytes of a text were left out. */
void text_add_cut(struct buf *out, size_t left);

/* The suggestion: as a block that GitHub offers to apply only where that is possible. */
void text_add_suggestion(struct buf *out, const struct finding *finding, bool applicable);

/* The other places that have the same problem; nothing without. */
void text_add_others(struct buf *out, const struct finding *finding);

/* A finding in full below a heading: for pages on which it has no comment. */
void text_add_finding(struct buf *out, const struct review_view *view,
		      const struct finding *finding);

#endif
