/* The action's `command: eval`: the cases in evals/, with the agents of the workspace. */
#ifndef ACTION_ACTION_EVAL_H
#define ACTION_ACTION_EVAL_H

#include "action/action.h"

/*
 * Asks the models where the step has AWS credentials or a role, else replays what the cases have recorded.
 * Leaves the page in the job summary, the results in the report file, and the outputs.
 */
enum exit_status action_eval(struct runtime *runtime, struct action *action);

#endif
