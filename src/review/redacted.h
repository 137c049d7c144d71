/* The change as models see it: in UTF-8 and without secrets. */
#ifndef REVIEW_REDACTED_H
#define REVIEW_REDACTED_H

#include "base/error.h"
#include "diff/diff.h"
#include "value/value.h"

/*
 * Fills `clean` with the change in which other encodings are decoded and secret-looking strings are replaced,
 * line by line, so that all numbers hold. Hunks and lines that need no change are shared with `diff`, which must
 * outlive it.
 * Returns how many strings were replaced.
 */
size_t diff_redact(struct diff *clean, const struct diff *diff);

/* A copy of `text` without secrets. */
struct str text_redact(struct arena *arena, struct str text, size_t *replaced);

/* Appends `text`, cut to `size_max` bytes, on one line and without secrets. */
void text_add_redacted(struct buf *out, struct str text, size_t size_max);

/*
 * The same for what a model wrote: a secret whose characters a comment would join is replaced too (with
 * invisible characters, entities or backslashes in between); the text is then the one that readers see.
 */
struct str answer_redact(struct arena *arena, struct str text, size_t *replaced);

/* Replaces secrets in all texts of `value`, in the same way. */
void value_redact(struct arena *arena, struct value *value, size_t *replaced);

/* Replaces secrets in the message, which may quote what a model or a server answered. */
void error_redact(struct error *err);

#endif
