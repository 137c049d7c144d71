/* Updates a pull request's comments: everything planned is posted once, in its place. */
#ifndef PUBLISH_PUBLISH_H
#define PUBLISH_PUBLISH_H

#include "publish/order.h"

/*
 * Posts.  `previous` is what previous_read() gave before the review.  Findings that an earlier run
 * posted and that are still open are added to result->findings (`carried`); every finding gets
 * `published`, `publish_note`, `dismissed`, and a `placement` of PLACEMENT_SUMMARY where its comment
 * was refused.  `report` is filled whatever happens; report->error says what failed.  Waits.
 */
void publish_run(const struct publish_options *options, struct previous *previous,
		 struct review_result *result, struct publish_report *report);

/*
 * For runs that do not post: findings that are already on the pull request get their id there, and those that
 * people closed are `dismissed`, with the reason.  Returns the number of the latter.
 */
size_t publish_recall(struct findings *findings, struct previous *previous);

/*
 * Dismisses a finding: it stays dismissed in later runs.  Its thread is resolved, or its comment says
 * so.  `id` empty: the finding whose comment `reply_to` answers; it also decides between findings of
 * one id.  ERROR_NOT_FOUND when no open finding has it, or when several comments do and `reply_to` is
 * none of them.  Waits.
 */
struct publish_dismissal {
	struct github *github;
	int64_t number; /* of the pull request */
	struct str id;
	int64_t reply_to;  /* a review comment's id */
	struct str by;     /* login */
	struct str reason; /* in their words; may be empty */
};
bool publish_dismiss(const struct publish_dismissal *dismissal, struct previous *previous,
		     struct error *err) MUST_USE;

#endif
