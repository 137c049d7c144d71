/* The visible form of a text: what looks alike becomes equal. */
#ifndef FINDING_VISIBLE_H
#define FINDING_VISIBLE_H

#include "base/arena.h"
#include "base/buf.h"

/* Whether the text is ASCII, which is its own visible form. */
bool visible_is_plain(struct str text);

/*
 * Appends the text without zero-width and directional characters, with one kind of space and straight quotes, and
 * with letters without their accents, so that composed and decomposed forms are equal. For comparing only.
 */
void visible_add(struct buf *out, struct str text);

/* The visible form; the text itself when it is ASCII. */
struct str visible_of(struct arena *arena, struct str text);

#endif
