/* The table of each command; each has a separate file, command_action in src/action. */
#ifndef CLI_COMMAND_TABLES_H
#define CLI_COMMAND_TABLES_H

#include "command/command.h"

extern const struct command command_check;
extern const struct command command_completion;
extern const struct command command_count_tokens;
extern const struct command command_doctor;
extern const struct command command_embed;
extern const struct command command_eval;
extern const struct command command_init;
extern const struct command command_invoke;
extern const struct command command_merge;
extern const struct command command_outcomes;
extern const struct command command_plan;
extern const struct command command_review;
extern const struct command command_version;

#endif
