/* Reads a finding back from its comment, for a run whose state is lost. */
#ifndef PUBLISH_COMMENT_TEXT_H
#define PUBLISH_COMMENT_TEXT_H

#include "base/arena.h"
#include "base/str.h"
#include "publish/state.h"

/*
 * Reads severity and title from the first line, as markdown_comment() writes it.  What cannot be read
 * is unchanged.
 */
void comment_text_read(struct str body, struct arena *arena, struct state_finding *record);

/*
 * What the comment shows of the finding's body, as text: without the suggestion, the list of other places and who
 * reported it.  In `arena`.
 */
struct str comment_text_body(struct str comment, struct arena *arena);

#endif
