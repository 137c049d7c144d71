/* The command "action": makes a job's request from the inputs, and writes its results. */
#ifndef ACTION_ACTION_H
#define ACTION_ACTION_H

#include "action/inputs.h"
#include "command/command.h"
#include "job/perform.h"

extern const struct command command_action;

/* One run of the action. */
struct action {
	struct cli *cli;
	struct inputs inputs;
	struct random random;
};

/* The request that the inputs make; it borrows them.  Progress and reports are left to the caller. */
struct job_request action_request(const struct action *action);

/*
 * Writes the results of a finished job: outputs, files, the job summary, a line in the log.  A failure is
 * logged and does not stop the others.  EXIT_DONE, or EXIT_UNPOSTED when one of them failed.
 */
typedef enum exit_status action_end(struct action *action, struct job *job);
action_end action_end_review; /* of a review and of a merge */
action_end action_end_plan;
action_end action_end_doctor;
action_end action_end_outcomes;
action_end action_end_check;

/* The same for a run that did nothing, or failed, for a stated reason. */
enum exit_status action_end_without(struct action *action, enum conclusion conclusion,
				    struct str reason);

#endif
