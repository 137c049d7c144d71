/* Completions for shells, written from the tables of commands and options. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "command/command.h"

/* "bash", "fish", "zsh"; ended by NULL. */
extern const char *const complete_shells[];

/* Appends the script that the shell loads; `shell` is one of `complete_shells`. */
void complete_write(struct buf *out, struct str shell, const struct command_list *commands);

#endif
