/* The list of commands. */
#include "cli/commands.h"

#include "action/action.h"

/* Keep alphabetized. */
const struct command *const commands[] = {
	&command_action, &command_check,   &command_completion, &command_count_tokens,
	&command_doctor, &command_embed,   &command_eval,       &command_init,
	&command_invoke, &command_merge,   &command_outcomes,   &command_plan,
	&command_review, &command_version,
};
const size_t commands_len = ARRAY_LEN(commands);
