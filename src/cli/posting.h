/* What the action does with a result: publishes it once, and leaves files, outputs and a status. */
#ifndef CLI_POSTING_H
#define CLI_POSTING_H

#include "cli/action.h"
#include "publish/publish.h"

/*
 * A result on its way to the pull request.  `action`, `run`, `result`, `reviewed`, `reviewers` and
 * `known_len` are the caller's to fill.
 */
struct posting {
	struct action *action;
	struct runtime *run;
	struct standing standing;
	struct diff reviewed; /* the files of the change that this run reviewed; borrows them */
	struct str reviewers; /* what reviews, see session_reviewers() */
	size_t known_len;     /* files that an earlier run reviewed as they are */
	struct review_result result;
	struct review_view view;
	struct publish_report published;
	struct buf sarif;
};

void posting_init(struct posting *posting, struct action *action, struct runtime *run);
void posting_release(struct posting *posting);

/* The input `publish` names it, and not "none". */
bool posting_wants(const struct posting *posting, const char *kind);

/* The view of the result as it is now. */
struct review_view posting_view(const struct posting *posting);

/* A shard leaves its report and publishes nothing. */
bool posting_is_shard(const struct posting *posting);

/* Publishes what the inputs ask for, once; in a shard nothing.  Waits. */
void posting_publish(struct posting *posting);

/* Writes files, outputs and job summary; gives the run's exit status. */
enum exit_status posting_leave(struct posting *posting);

#endif
