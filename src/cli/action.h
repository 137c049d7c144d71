/* What the commands of the action share. */
#ifndef CLI_ACTION_H
#define CLI_ACTION_H

#include "cli/inputs.h"
#include "cli/results.h"
#include "github/comment_command.h"
#include "github/event.h"
#include "job/session.h"
#include "job/target.h"

/* One run of the action.  Zeroed but for `cli` and `inputs`, it is at its beginning. */
struct action {
	struct cli *cli;
	struct inputs inputs;
	struct event event;
	struct comment_command command; /* of a comment event */
	bool by_person;                 /* asked for by name: no rule of events skips it */
	struct target target;
	struct session session;
	struct session_choices choices;
};

enum exit_status action_check(struct runtime *run, void *arg);
enum exit_status action_doctor(struct runtime *run, void *arg);
enum exit_status action_merge(struct runtime *run, void *arg);
enum exit_status action_plan(struct runtime *run, void *arg);
enum exit_status action_review(struct runtime *run, void *arg);

void action_release(struct action *action);

/* What the inputs choose for a session. */
void action_fill_choices(struct action *action, struct runtime *run);

/* The clients and the local repository, before any call. */
void action_open(struct action *action, struct runtime *run);

/*
 * Reads the event, answers a comment's command, finds the pull request.  *skip gets the reason when
 * there is nothing to review (then true is returned too).  Waits.
 */
bool action_find_pull(struct action *action, struct runtime *run, struct str *skip,
		      struct error *err) MUST_USE;

/* The view of a result, for every page about it. */
struct review_view action_view(const struct action *action, const struct review_result *result);

#endif
