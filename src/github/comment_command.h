/* Commands in comments: parses them, checks the author's permission, and replies. */
#ifndef GITHUB_COMMENT_COMMAND_H
#define GITHUB_COMMENT_COMMAND_H

#include "base/arena.h"
#include "base/common.h"
#include "base/error.h"
#include "github/event.h"
#include "github/github.h"

enum comment_command_kind {
	COMMENT_WRONG,   /* `problem` says what is wrong with it */
	COMMENT_REVIEW,  /* /outcrop review [full] [agent...] */
	COMMENT_DISMISS, /* /outcrop dismiss <id> [reason]; below a finding's comment, without id */
	COMMENT_EXPLAIN, /* /outcrop explain <id>; below a finding's comment, without id */
	COMMENT_HELP,    /* /outcrop help, or /outcrop alone */
};

enum { COMMENT_AGENTS_MAX = 50, COMMENT_REASON_MAX = 200 };

struct comment_command {
	enum comment_command_kind kind;
	bool full;          /* review everything, not only what changed */
	struct str *agents; /* names of configured agents; empty: all of them */
	size_t agents_len;
	struct str id;      /* 16 hex digits; empty: the finding that the comment replies to */
	struct str reason;  /* of a dismissal, one line; may be empty */
	struct str problem; /* ends with the valid commands */
};

/*
 * Parses the first line of a comment for which event_decide() said VERDICT_COMMAND.  `below`: it answers a
 * comment on lines.  Never fails.
 */
void comment_command_parse(struct str body, bool below, struct arena *arena,
			   struct comment_command *command);

/* The text that answers `/outcrop help`, from the table of commands: Markdown.  `below` as above. */
struct str comment_command_help(bool below, struct arena *arena);

/*
 * Whether the comment's author may write to the repository (GET .../collaborators/USER/permission).
 * 404 means no.  Waits.
 */
bool comment_author_may_write(struct github *github, const struct event *event, struct arena *arena,
			      bool *may_write, struct error *err) MUST_USE;

/* Adds a reaction to the comment: "eyes", "+1", "confused".  Waits. */
bool comment_react(struct github *github, const struct event *event, const char *reaction,
		   struct error *err) MUST_USE;

/* Answers in the thread of a comment on lines, else in the conversation.  Waits. */
bool comment_reply(struct github *github, const struct event *event, struct str body,
		   struct error *err) MUST_USE;

#endif
