/* A chunk as a model reads it. */
#ifndef REVIEW_CHUNK_TEXT_H
#define REVIEW_CHUNK_TEXT_H

#include "review/around.h"

/* Appends the parts as a model reads them, with what `around` (or NULL) has around their hunks. */
void chunk_render(struct buf *out, const struct diff *diff, const struct chunk *chunk,
		  const struct around_view *around);

#endif
