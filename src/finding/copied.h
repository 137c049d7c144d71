/* What a model copies along with code: fences, line numbers, marks. */
#ifndef FINDING_COPIED_H
#define FINDING_COPIED_H

#include "base/arena.h"
#include "base/str.h"

/* Removes what was copied in front of a line's code. `kind` is the line's kind in a diff. False if it is absent. */
typedef bool copied_prefix(struct str *line, char *kind);

copied_prefix copied_shown;   /* "   42 |+ ": as the change is shown */
copied_prefix copied_patch;   /* "+", "-" or a blank: as in a patch */
copied_prefix copied_numbers; /* "src/a.c:42: ", "42: ", "42\t": as tools answer */

/* The text without the code fence around it; the text itself without one. */
struct str copied_strip_fence(struct str text);

/* The text without back-ticks around it or around each of its lines. */
struct str copied_strip_ticks(struct arena *arena, struct str text);

/*
 * The code that a suggestion means, where `old` is what it replaces: without a fence around it, and without the
 * numbers and marks of a diff, deleted lines left out. Everything else stays byte for byte. False when it cannot be
 * told whether a mark belongs to the code.
 */
bool copied_suggestion(struct arena *arena, struct str text, struct str old,
		       struct str *code) MUST_USE;

#endif
