/* The marks in comments by which a later run knows its own. */
#ifndef PUBLISH_MARKER_H
#define PUBLISH_MARKER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

/*
 * A mark is an HTML comment of its own line: <!-- outcrop:KIND key=value ... -->.  Model text cannot
 * hold one (it opens no HTML comments), and a mark counts only in a comment of our own author.
 */
struct marker {
	const char *kind; /* "summary", "finding", "review", "gone" */
	struct str name;  /* the reviewer; the default name is left out */
	struct str id;    /* of a finding or a run; empty: none */
	int part;         /* of a continuation; 0: none */
};

#define MARKER_DEFAULT_NAME "outcrop"

/* Appends the mark, without a line break. */
void marker_add(struct buf *out, const struct marker *marker);

/*
 * Finds the first mark of that kind and reviewer in a comment's body; `found` gets id and part, in
 * `arena`.
 */
bool marker_find(struct str body, const char *kind, struct str name, struct arena *arena,
		 struct marker *found);

#endif
