/* Reads the body of a response of GitHub. */
#ifndef GITHUB_BODY_H
#define GITHUB_BODY_H

#include "value/json.h"

/*
 * json_read() for what GitHub wrote: people's text in it may hold an escaped NUL, which strings of ours
 * cannot, and which becomes U+FFFD.
 */
struct value *body_read(struct arena *arena, struct str text, size_t size_max,
			struct error *err) MUST_USE;

#endif
