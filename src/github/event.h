/* The event that triggered the workflow, and what to do about it. */
#ifndef GITHUB_EVENT_H
#define GITHUB_EVENT_H

#include "base/arena.h"
#include "base/common.h"
#include "base/env.h"
#include "base/error.h"
#include "github/pull.h"

enum event_kind {
	EVENT_OTHER, /* any other; reviewed only with the input `pull-request` */
	EVENT_PULL_REQUEST,
	EVENT_PULL_REQUEST_TARGET,
	EVENT_ISSUE_COMMENT,
	EVENT_REVIEW_COMMENT,
	EVENT_MERGE_GROUP,
	EVENT_PUSH,
	EVENT_SCHEDULE,
	EVENT_WORKFLOW_DISPATCH,
};

/* The comment of a comment event. */
struct event_comment {
	int64_t id;      /* 0: none */
	struct str body; /* untrusted */
	struct str author, author_type;
	struct str url;
	int64_t in_reply_to; /* a review comment's parent; 0: none */
};

/*
 * `pull` is the pull request as in the event, which may be outdated: read it again before use.
 * Comment events fill its number, title, author, state and labels only.
 */
struct event {
	enum event_kind kind;
	struct str name;       /* as GITHUB_EVENT_NAME has it */
	struct str action;     /* "opened", "created", ...; or empty */
	struct str repository; /* OWNER/REPO */
	struct str actor;      /* who made it: the sender, else GITHUB_ACTOR */
	struct str actor_type;
	struct str commit; /* GITHUB_SHA */
	struct str ref;    /* GITHUB_REF */
	struct pull pull;  /* number 0: the event has none */
	bool on_pull;      /* a comment on a pull request, not on an issue */
	struct event_comment comment;
};

enum { EVENT_SIZE_MAX = 32 << 20 };

/*
 * Reads GITHUB_EVENT_NAME, GITHUB_EVENT_PATH (the file that the runner wrote), GITHUB_REPOSITORY,
 * GITHUB_SHA, GITHUB_REF and GITHUB_ACTOR.  ERROR_USAGE when a variable is missing or the file is not
 * what GitHub writes, naming both.
 */
bool event_read(const struct env *env, struct arena *arena, struct event *event,
		struct error *err) MUST_USE;

/* The same from the bytes of an event file, for an event of that name. */
bool event_decode(struct arena *arena, struct str name, struct str json, struct event *event,
		  struct error *err) MUST_USE;

enum event_verdict {
	VERDICT_REVIEW,
	VERDICT_COMMAND, /* the comment holds a command: see comment_command.h */
	VERDICT_SKIP,    /* exit 0, with the reason */
};

struct event_decision {
	enum event_verdict verdict;
	struct str reason; /* of a skip: why, and what to do about it */
};

/* What the event itself does not say. */
struct event_facts {
	int64_t pull_request; /* the input; 0: not given.  Given, no rule below skips */
	bool has_oidc;        /* ACTIONS_ID_TOKEN_REQUEST_URL is set */
	bool has_credentials; /* AWS credentials are in the environment already */
};

/* Decides by the event alone. */
struct event_decision event_decide(const struct event *event, const struct event_facts *facts);

/*
 * Decides about a pull request that was read again, by the same rules: closed, labeled
 * `skip-review`, draft, from a fork or Dependabot without credentials.  For a pull request that was
 * found (push, schedule); one that is named by input or command is always reviewed.
 */
struct event_decision event_decide_pull(const struct event *event, const struct pull *pull,
					const struct event_facts *facts);

/*
 * The number of the open pull request whose head is the event's commit, or whose head branch is the
 * event's ref: for workflow_dispatch, schedule and push.  0 when none is found.  Waits.
 */
bool event_find_pull(const struct event *event, struct github *github, struct arena *arena,
		     int64_t *number, struct error *err) MUST_USE;

#endif
