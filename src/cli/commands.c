/* The list of commands. */
#include "cli/commands.h"

#include "action/action.h"
#include "cli/command_tables.h"

/* Keep alphabetized. */
static const struct command *const items[] = {
	&command_action, &command_check,   &command_completion, &command_count_tokens,
	&command_doctor, &command_embed,   &command_eval,       &command_init,
	&command_invoke, &command_merge,   &command_outcomes,   &command_plan,
	&command_review, &command_version,
};
const struct command_list all_commands = {items, ARRAY_LEN(items)};
