/* Packing a change into chunks: what one model call is shown. */
#ifndef REVIEW_CHUNK_H
#define REVIEW_CHUNK_H

#include "base/arena.h"
#include "diff/diff.h"

/* Some lines of one hunk of one file; of a file without hunks, only its header, all zero but `file`. */
struct chunk_part {
	uint32_t file;         /* index in the diff */
	uint32_t hunk;         /* index in the file */
	uint32_t first, count; /* lines of the hunk */
};

/* Parts of one file are next to each other, its hunks in order. */
struct chunk {
	struct chunk_part *parts;
	size_t len;
	size_t tokens; /* estimated, of the rendered parts with their files' headers */
};

struct chunks {
	struct chunk *items;
	size_t len;
};

enum {
	CHUNK_TOKENS_DEFAULT = 16000,
	CHUNK_OVERLAP_LINES = 10, /* repeated where a hunk had to be cut */
};

/*
 * Packs the files of `diff` whose indexes are given, with hunks or only a new mode, into chunks of at most
 * `tokens_max` estimated tokens.  Files of one folder are kept together where that costs at most
 * half a chunk of room, a file is split between hunks only when it alone is too large, and a hunk
 * within its lines only when it alone is too large; its pieces then overlap.  A single line beyond
 * the maximum makes a separate chunk that is too large.  Every line of the files is in a chunk.
 * Linear in the size of the change but for sorting the paths; memory in `arena`.
 */
struct chunks chunks_pack(struct arena *arena, const struct diff *diff, const uint32_t *files,
			  size_t len, size_t tokens_max);

/*
 * The parts of the files for which `sees[file]`; shares memory with `chunk` when that is all of
 * them.
 */
struct chunk chunk_filter(struct arena *arena, const struct diff *diff, const struct chunk *chunk,
			  const bool *sees);

#endif
