/* The marks by which a later run recognizes outcrop's comments. */
#ifndef PUBLISH_MARKER_H
#define PUBLISH_MARKER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

/*
 * A mark is a separate line: <!-- outcrop:KIND key=value ... -->.  Marks count only in comments of our
 * own author, and only as the last lines of a body, with no line between them: text of a model, a file
 * or another user comes before an empty line, so that it cannot be mistaken for a mark.
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

/* Finds the last mark of that kind; `start` and `end` get its place in the body. */
bool marker_locate(struct str body, const char *kind, size_t *start, size_t *end);

/* The body without its marks and without the white space before them. */
struct str marker_strip(struct str body);

/* Finds the mark of that kind and reviewer; `found` gets id and part, in `arena`. */
bool marker_find(struct str body, const char *kind, struct str name, struct arena *arena,
		 struct marker *found);

#endif
