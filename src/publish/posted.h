/* Reads everything that was posted on a pull request, fixed, dismissed and open, for figures. */
#ifndef PUBLISH_POSTED_H
#define PUBLISH_POSTED_H

#include "github/comments.h"
#include "publish/state.h"

struct posted_finding {
	struct state_finding record;          /* what is known of it, its dismissal too */
	double confidence;                    /* negative: not known */
	const struct review_comment *comment; /* NULL: in the summary, or its comment was deleted */
	struct str posted_at;                 /* ISO 8601 */
	bool gone;                            /* outcrop marked it as fixed */
	int64_t replies;                      /* of people, in its thread */
};

struct posted_request {
	struct github *github;
	int64_t number;
	struct str name;   /* the reviewer; empty: the default one */
	struct str author; /* whose comments count; empty: those of any bot */
};

/* Zeroed it is empty; everything lives in its arena. */
struct posted {
	struct arena arena;
	struct review_comments comments;
	struct state state;
	struct {
		VEC_FIELDS(struct posted_finding);
	} findings;
};

void posted_release(struct posted *posted);

/*
 * Reads the conversation, the comments on lines and, when one of them is ours, their threads.  A comment is
 * ours when its author counts and it carries our mark.  What the summary remembers is believed only in the
 * comment that it was written for.  Waits.
 */
bool posted_read(const struct posted_request *request, struct posted *posted,
		 struct error *err) MUST_USE;

#endif
