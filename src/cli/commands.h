/* The list of commands. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "command/command.h"

/* Sorted by name. */
extern const struct command_list all_commands;

#endif
