/* Explains a finding, for `/outcrop explain`. */
#ifndef PUBLISH_EXPLAIN_H
#define PUBLISH_EXPLAIN_H

#include "publish/previous.h"

/*
 * Appends why and by which agents the finding was reported, and what they read: from its comment, or from the
 * state. `id` empty: the finding on whose comment `reply_to` is.  ERROR_NOT_FOUND when it does not exist.
 */
bool explain_add(struct buf *out, const struct previous *previous, struct str id, int64_t reply_to,
		 struct error *err) MUST_USE;

#endif
