/* What is on the pull request already: our summary, our findings, our login. */
#ifndef PUBLISH_PREVIOUS_H
#define PUBLISH_PREVIOUS_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/vec.h"
#include "finding/finding.h"
#include "github/comments.h"
#include "publish/state.h"

/* Titles that are less alike (see text_similarity()) belong to different findings. */
#define MATCH_SIMILAR 0.3

enum previous_fate {
	FATE_OPEN,    /* not repeated by this run; stays */
	FATE_MATCHED, /* a finding of this run is the same */
	FATE_GONE,    /* its code is gone */
};

/* A finding that an earlier run showed, by its comment, by the state, or by both. */
struct previous_finding {
	struct state_finding record;          /* what is known of it */
	const struct review_comment *comment; /* on lines; NULL: it is in the summary */
	struct str text;                      /* to compare wording with */
	uint32_t first_line, last_line;       /* where it is now; 0: unknown */
	bool known; /* the state has it: agents and severity are certain */

	/* Decided by publishing. */
	enum previous_fate fate;
	struct finding *match; /* of FATE_MATCHED; borrowed */
	bool carried;          /* it is among the findings of this run */
};

/* One of our own comments in the conversation. */
struct previous_part {
	int64_t id;
	int part; /* 0: the summary itself, 2...: its continuations */
	struct str body, url;
};

/*
 * What confirms a state, besides its place: a program that posts with our login can repeat another user's
 * text in a comment, but does not know the key and does not put that text into a check run.
 */
struct state_trust {
	struct str key; /* authenticates the state; empty: none; borrowed */
	bool by_check;  /* without a key, a check run of ours has to name the state's digest */
	struct str
		written; /* the digest of what this process wrote before its check run; or empty */
};

struct previous_request {
	int64_t number;  /* of the pull request */
	struct str name; /* the reviewer's; empty: the default */
	struct state_trust trust;
	bool any_bot; /* nothing is to be posted: comments of every bot count as ours */
};

/* Zeroed it is "nothing was read".  Everything lives in its arena. */
struct previous {
	struct arena arena;
	struct str login; /* the author of our comments */
	struct str name;  /* the reviewer's */
	struct state_trust trust;
	bool any_bot;
	struct review_comments comments;
	struct {
		VEC_FIELDS(struct previous_finding);
	} findings;
	struct {
		VEC_FIELDS(struct previous_finding);
	} uncounted; /* unverified and pre-existing ones, which cannot be dismissed */
	struct {
		VEC_FIELDS(struct previous_part);
	} parts; /* the summary first, if there is one */
	struct {
		VEC_FIELDS(struct previous_part);
	} surplus; /* second summaries of ours, by a run at the same time: folded and to be deleted */
	struct {
		VEC_FIELDS(const struct review_comment *);
	} duplicates; /* comments that a run at the same time posted too: to be closed */
	struct state_owner owner; /* of the state that is written next; comment 0: no summary yet */
	struct state state;       /* the confirmed part of it: see previous_read() */
	bool has_state;
};

void previous_release(struct previous *previous);

/*
 * Reads the conversation, the comments on lines and their threads.  Ours are those that carry our mark
 * and whose author is the token's own login; where GraphQL does not report it (and REST reports only
 * persons), "github-actions[bot]", or an error when the token is a person's.  Findings that are marked
 * gone, and resolved ones that the state no longer has (an earlier run resolved them), are left out.
 * With `any_bot` those of every bot are ours too: a person's token reads what the workflow posted.
 *
 * A state that names another repository, pull request, reviewer or comment was copied there,
 * and one in a comment that does not begin like a summary may have been.  Of such a state only findings of
 * the summary stay: they can keep a review red, never turn it green.  The same holds for one that the
 * request's `trust` does not confirm.  A comment whose state names another comment is not ours.  Waits.
 */
bool previous_read(struct github *github, const struct previous_request *request,
		   struct previous *previous, struct error *err) MUST_USE;

/* Makes the summary comment with these words, still without a state, and adds it to the parts.  Waits. */
bool previous_make_summary(struct previous *previous, struct github *github, struct str words,
			   struct error *err) MUST_USE;

/*
 * Whether a person closed the finding: dismissed it, deleted its comment or resolved its thread.  It does
 * not count, and is remembered until its code is gone.
 */
bool previous_is_closed(const struct previous_finding *finding);

/* Why it is closed, in words, in `arena`. */
struct str previous_closed_why(const struct previous_finding *finding, struct arena *arena);

/* Forgets the summary comment, which was deleted. */
void previous_forget_summary(struct previous *previous);

/* Whether a comment's author, as REST names it, is our login, or with `any_bot` a bot. */
bool previous_is_ours(const struct previous *previous, struct str author, struct str author_type);

#endif
