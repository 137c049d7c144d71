/* Markdown as plain text: for annotations and code scanning, which show no markup. */
#ifndef OUTPUT_PLAIN_TEXT_H
#define OUTPUT_PLAIN_TEXT_H

#include "base/buf.h"
#include "base/str.h"

/* In bytes: longer text is cut and ends in "…". */
enum { PLAIN_SIZE_MAX = 20000 };

/*
 * Appends the text of untrusted Markdown without its markup, images and links as their words. Lists and quotes that
 * are nested too deep, or numbered too far, keep their markup. Secrets that markup had split are replaced.
 */
void plain_text(struct buf *out, struct str markdown);

#endif
