/* Reads, creates and changes comments, reviews and threads of a pull request. */
#ifndef GITHUB_COMMENTS_H
#define GITHUB_COMMENTS_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "base/vec.h"
#include "github/github.h"
#include "github/pull.h"
#include "value/strings.h"

/* A longer list is refused. */
enum { COMMENTS_MAX = 10000 };

/* Lists live in the arena that filled them. */
struct issue_comments {
	struct issue_comment *items;
	size_t len;
};

struct review_comments {
	struct review_comment *items;
	size_t len;
};

/* All comments of the conversation, oldest first.  All functions here wait. */
bool issue_comments_list(struct github *github, int64_t number, struct arena *arena,
			 struct issue_comments *comments, struct error *err) MUST_USE;

enum { RECENT_COMMENTS_MAX = 200 };

/*
 * The comments of all conversations of the repository that were updated since then (ISO 8601), the last one
 * first.  Ends with the page that reaches RECENT_COMMENTS_MAX: the second one, as a rule.
 */
bool issue_comments_recent(struct github *github, struct str since, struct arena *arena,
			   struct issue_comments *comments, struct error *err) MUST_USE;

/* Makes a comment.  After a lost answer the conversation is looked through for the same body first. */
bool issue_comment_create(struct github *github, int64_t number, struct str body,
			  struct arena *arena, struct issue_comment *comment,
			  struct error *err) MUST_USE;
bool issue_comment_edit(struct github *github, int64_t id, struct str body,
			struct error *err) MUST_USE;
bool issue_comment_delete(struct github *github, int64_t id, struct error *err) MUST_USE;

/* All comments on lines, replies too, without their threads. */
bool review_comments_list(struct github *github, int64_t number, struct arena *arena,
			  struct review_comments *comments, struct error *err) MUST_USE;
/* The logins of those who gave a comment on lines a 👎, in `arena`; 100 at most. */
bool review_comment_down_voters(struct github *github, int64_t id, struct arena *arena,
				struct strings *logins, struct error *err) MUST_USE;

/* Whether a user has write access to the repository; 404 means no. */
bool github_user_may_write(struct github *github, struct str login, struct arena *arena,
			   bool *may_write, struct error *err) MUST_USE;

bool review_comment_edit(struct github *github, int64_t id, struct str body,
			 struct error *err) MUST_USE;

/*
 * Reads the threads by GraphQL and fills thread_id, resolved, resolved_by, outdated and can_resolve of `comments`.
 * `viewer` gets the login that the token acts as, as GraphQL names it ("github-actions[bot]"), or
 * empty.  ERROR_DENIED and ERROR_NOT_FOUND where the token or the server has no GraphQL: the
 * comments are then unchanged.
 */
bool review_threads_read(struct github *github, int64_t number, struct arena *arena,
			 struct review_comments *comments, struct str *viewer,
			 struct error *err) MUST_USE;
bool review_thread_resolve(struct github *github, struct str thread_id, struct error *err) MUST_USE;

struct review_record {
	int64_t id;
	struct str author, author_type;
	struct str state; /* PENDING, COMMENTED, ... */
	struct str body;
	struct str url;
};

struct review_records {
	struct review_record *items;
	size_t len;
};

bool reviews_list(struct github *github, int64_t number, struct arena *arena,
		  struct review_records *reviews, struct error *err) MUST_USE;

/* The comments of one review; those of a pending one too, when it is ours. */
bool review_comments_of(struct github *github, int64_t number, int64_t review_id,
			struct arena *arena, struct review_comments *comments,
			struct error *err) MUST_USE;

/* What review_create() sends. */
struct new_review {
	int64_t number;
	struct str commit; /* the head commit that was reviewed */
	struct str body;
	bool pending; /* no event: nobody is notified, to be deleted again */
	const struct new_comment *comments;
	size_t len;
};

/*
 * Sends a review, once: nothing is sent again after a lost answer (see github_answer_lost()).  Errors
 * of kind ERROR_INVALID have GITHUB_CODE_PENDING or GITHUB_CODE_UNPLACEABLE in `code` where that is the cause.
 */
bool review_create(struct github *github, const struct new_review *review, struct arena *arena,
		   struct review_record *made, struct error *err) MUST_USE;

/* Deletes a pending review. */
bool review_delete(struct github *github, int64_t number, int64_t review_id,
		   struct error *err) MUST_USE;

#endif
