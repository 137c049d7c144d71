/* What agents are shown around the hunks of the change. */
#ifndef REVIEW_AROUND_H
#define REVIEW_AROUND_H

#include "base/arena.h"
#include "diff/diff.h"
#include "review/chunk.h"

/*
 * The lines above and below one hunk that are not part of it, redacted.  Numbered from the hunk's
 * own lines.
 */
struct around {
	const struct str *above, *below;
	uint32_t above_len, below_len;
	bool left_out; /* wanted, but there was no room, or the file could not be read */
};

/* What agents with one setting see around the hunks.  Zeroed: nothing. */
struct around_view {
	int64_t setting; /* an agent's `surroundings` */
	struct around **
		files; /* one a file of the diff, with one item a hunk; NULL: nothing around them */
};

/*
 * Leaves out the largest surroundings of a chunk until the rest takes at most `size_max` bytes, so
 * that as many hunks as possible keep theirs.
 */
void around_fit(const struct around_view *view, const struct chunk *chunk, size_t size_max);

/*
 * What is around the hunk of a part of a chunk; only whole ends of hunks have something around
 * them.
 */
struct around around_part(const struct around_view *view, const struct diff *diff,
			  const struct chunk_part *part);

/* Estimated tokens of what is shown around the parts of a chunk. */
size_t around_tokens(const struct around_view *view, const struct diff *diff,
		     const struct chunk *chunk);

/* Appends the places whose surroundings were left out, a line each. */
void around_left_out(struct buf *out, const struct around_view *view, const struct diff *diff,
		     const struct chunk *chunk);

#endif
