/* What GitHub's own parser makes of Markdown that was sanitized: judged on the HTML, apart from the program. */
#ifndef TESTS_UNIT_OUTPUT_RENDERED_H
#define TESTS_UNIT_OUTPUT_RENDERED_H

#include "base/buf.h"
#include "base/str.h"

/* Appends the HTML of `markdown`, with the extensions that GitHub has on and raw HTML left in. */
void rendered_html(struct buf *html, struct str markdown);

/*
 * What is wrong with it, or NULL: a tag that Markdown does not make, an image, a link outside of the allowed
 * hosts, a mention, a reference, a bare address or a formula in running text, or the language of a code block that
 * acts.
 */
const char *rendered_fault(struct str markdown);

/* The same for a page of ours, which may hold our own few tags and links to the repository. */
const char *rendered_page_fault(struct str markdown);

#endif
