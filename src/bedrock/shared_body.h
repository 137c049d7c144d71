/* The bodies of requests under way: what many begin with is written, hashed and kept once. */
#ifndef BEDROCK_SHARED_BODY_H
#define BEDROCK_SHARED_BODY_H

#include "base/buf.h"
#include "base/common.h"
#include "base/hash.h"
#include "base/str.h"
#include "value/json.h"

enum { SHARED_STARTS_MAX = 4 };

/* A text that bodies begin with.  It lives as long as one of them does. */
struct shared_start;

/* What the bodies of calls to one model share while calls are under way.  Zeroed when none is. */
struct shared_starts {
	struct shared_start
		*items[SHARED_STARTS_MAX]; /* the newest ones, first NULL where there are fewer */
	struct json_texts *texts;
	struct buf
		room; /* to write in: the next body is often as long; a buffer that need not grow takes no memory */
	size_t bodies;
};

/* A body in two parts.  Zeroed it is empty. */
struct shared_body {
	struct shared_starts *starts;
	struct shared_start *start;
	struct str begin;     /* of the start's text */
	struct buf end;       /* the rest */
	struct sha256 digest; /* of both */
};

/*
 * Writes `tree` as a body.  It begins like one of the newest starts, where that saves at least half of it; else it
 * becomes a start for those that follow.  The starts must outlive the body.
 */
void shared_body_write(struct shared_body *body, const struct value *tree,
		       struct shared_starts *starts);

void shared_body_release(struct shared_body *body);

#endif
