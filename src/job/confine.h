/* Secrets leave the environment, and the process keeps only the rights that its command needs. */
#ifndef JOB_CONFINE_H
#define JOB_CONFINE_H

#include "base/arena.h"
#include "base/env.h"

/*
 * Before anything untrusted is read and while there is one thread: takes all secrets, clears the
 * environment, and enters the sandbox.  `is_action`: only the workspace, the runner's files and what TLS
 * and DNS need can be opened; in local runs files are not limited.
 */
void confine(struct env *env, struct arena *arena, bool is_action);

#endif
