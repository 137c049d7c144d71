/* What is known of a finding, for `/outcrop explain`. */
#ifndef PUBLISH_EXPLAIN_H
#define PUBLISH_EXPLAIN_H

#include "publish/previous.h"

/*
 * Appends why the finding was reported, by whom, and what was read for it: from its comment, or from the state.
 * `id` empty: the finding on whose comment `reply_to` is.  ERROR_NOT_FOUND when there is none.
 */
bool explain_add(struct buf *out, const struct previous *previous, struct str id, int64_t reply_to,
		 struct error *err) MUST_USE;

#endif
