/* What the base version's .gitattributes say of files: generated or not. */
#ifndef REVIEW_ATTRIBUTES_H
#define REVIEW_ATTRIBUTES_H

#include "diff/diff.h"
#include "source/source.h"

/* One line of a .gitattributes file. */
struct attribute_rule {
	struct str folder;  /* of the file, with '/' at its end; empty: the root */
	struct str pattern; /* a glob, matched below that folder */
	int generated;      /* as attributes_generated() returns it */
};

/* Zeroed it has no rules; its memory is in the arena that it was read into. */
struct attributes {
	struct attribute_rule *rules; /* those of one file in its order */
	size_t len;
};

/*
 * Reads `linguist-generated` from the .gitattributes files in the root and in the folders of changed files.
 * One that the change itself touches is not read, so that a change cannot hide files even where `base` is the
 * work tree. A file that cannot be read is ignored, with a line in the debug log. Waits.
 */
void attributes_read(struct attributes *attributes, const struct source *base,
		     const struct diff *diff, struct arena *arena);

/* 1: generated; -1: not generated; 0: not stated. */
int attributes_generated(const struct attributes *attributes, struct str path);

#endif
