/* Reads the body of a response of GitHub. */
#ifndef GITHUB_BODY_H
#define GITHUB_BODY_H

#include "value/json.h"

/*
 * json_read() for GitHub's JSON: users' text in it may contain an escaped NUL, which becomes U+FFFD.
 */
struct value *body_read(struct arena *arena, struct str text, size_t size_max,
			struct error *err) MUST_USE;

#endif
