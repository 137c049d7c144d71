/* The bodies of requests under way: what many begin with is kept once. */
#ifndef BEDROCK_SHARED_BODY_H
#define BEDROCK_SHARED_BODY_H

#include "base/buf.h"
#include "base/common.h"
#include "base/str.h"

/* A text that bodies begin with.  It lives as long as one of them does. */
struct shared_start;

/* A body in two parts.  Zeroed it is empty. */
struct shared_body {
	struct shared_start *start;
	struct str begin; /* of the start's text */
	struct buf end;   /* the rest */
};

/*
 * Takes `text` over as a body.  It begins like the one in `*last`, where that saves at least half of it; else it
 * becomes the start for those that follow, in `*last`.  It is NULL at first and when no body is left.
 */
void shared_body_take(struct shared_body *body, struct buf *text, struct shared_start **last);

void shared_body_release(struct shared_body *body);

#endif
