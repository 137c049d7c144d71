/* Handles the workflow's event: finds the pull request to review, and obeys commands in comments. */
#ifndef JOB_TRIGGER_H
#define JOB_TRIGGER_H

#include "github/comment_command.h"
#include "github/event.h"
#include "github/github.h"
#include "job/runtime.h"
#include "publish/previous.h"

/*
 * `runtime`, `github`, `number`, `name` and `trust` are the caller's; the rest is filled, and a dismissal
 * sets trust.written.  Zeroed it is empty; strings live in the runtime's arena.
 */
struct trigger {
	struct runtime *runtime;
	struct github *github;
	int64_t number;  /* of the pull request: that a person named, then that was found */
	struct str name; /* the reviewer's */
	struct state_trust trust;

	struct event event;
	struct comment_command command; /* of a comment event */
	bool by_person;    /* requested explicitly: the rules for events do not skip it */
	bool dismissed;    /* a finding was dismissed: comments are updated, no model is called */
	struct str reason; /* why there is nothing to do */
	bool unanswered;   /* the answer to a comment could not be posted */
};

enum trigger_outcome { TRIGGER_FAILED, TRIGGER_SKIP, TRIGGER_PULL };

/*
 * Reads the event, obeys a comment's command, and finds the pull request to review.  TRIGGER_SKIP leaves
 * a reason; TRIGGER_FAILED fills `err`.  Waits.
 */
enum trigger_outcome trigger_find(struct trigger *trigger, struct error *err) MUST_USE;

/* Whether the rules for events skip the pull request, which was read again; sets the reason. */
bool trigger_skips(struct trigger *trigger, const struct pull *pull);

/* Answers the comment that commands the run: a reaction, which may fail, and a reply.  Waits. */
bool trigger_answer(struct trigger *trigger, const char *reaction, struct str text,
		    struct error *err) MUST_USE;

#endif
