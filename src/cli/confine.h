/* Secrets leave the environment, and the process keeps only the rights that its command needs. */
#ifndef CLI_CONFINE_H
#define CLI_CONFINE_H

#include "cli/cli.h"

/*
 * Before anything untrusted is read and while there is one thread: takes all secrets, clears the
 * environment, and enters the sandbox.  `is_action`: only the workspace, the runner's files and what TLS
 * and DNS need can be opened; on a person's own machine files are not limited.
 */
void confine(struct cli *cli, bool is_action);

#endif
