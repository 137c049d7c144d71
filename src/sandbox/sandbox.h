/* The rights that this process drops before it reads untrusted input. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <stdio.h>

#include "sandbox/rights.h"

/*
 * 1. sandbox_begin(), early in main(): no core dumps, and no other process reads this one's memory.
 * 2. rights_allow_path() and rights_allow_port() as the configuration implies.
 * 3. sandbox_enter(), while there is one thread: no new privileges; Landlock (Linux 5.13; connections from
 *    6.7) limits files and TCP connections; a seccomp filter leaves the system calls that the program needs.
 *
 * It cannot fail: what the kernel refuses is reported at level `complain`, and the run continues.  Under a
 * sanitizer, which needs more of the system, steps 1 and 3 do nothing.
 */
void sandbox_begin(void);

void sandbox_enter(const struct sandbox *sandbox);

#ifdef OUTCROP_PROBES
/*
 * Tries what the sandbox forbids and writes "NAME: ok" (it was possible) or "NAME: why not" for each of
 * the words in `names`, separated by commas.  `path` is what "read", "write" and "unix" open.
 */
void sandbox_probe(const char *names, const char *path, FILE *out);

/* Writes "probe left: N", how many descriptors are open beside the three standard ones. */
void sandbox_probe_left(FILE *out);
#endif

#endif
