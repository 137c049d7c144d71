/* What this process gives up before it reads anything that a stranger wrote. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <stdio.h>

#include "base/common.h"
#include "base/log.h"

enum { SANDBOX_PATHS_MAX = 64, SANDBOX_PORTS_MAX = 64 };

/* What may be done with a path and everything below it. */
enum sandbox_access { SANDBOX_READ, SANDBOX_WRITE };

struct sandbox_path {
	const char *path; /* borrowed until sandbox_enter() returns */
	enum sandbox_access access;
};

/* Filled by the functions below; zeroed it allows no file and no connection. */
struct sandbox {
	struct sandbox_path paths[SANDBOX_PATHS_MAX];
	size_t paths_len;
	uint16_t ports[SANDBOX_PORTS_MAX];
	size_t ports_len;
	bool any_file;           /* files are not limited: a person's own machine */
	enum log_level complain; /* how to report that the kernel refuses a part */
};

/*
 * 1. sandbox_begin(), first in main(): no core dumps, no reading of this process's memory by others, no
 *    new privileges.
 * 2. sandbox_allow_path() and sandbox_allow_port() as the configuration implies.
 * 3. sandbox_enter(), while there is one thread: Landlock (Linux 5.13; connections from 6.7) limits files
 *    and TCP connections, and a seccomp filter leaves the system calls that the program needs.
 *
 * Nothing of it fails: what the kernel refuses is reported at `complain`, and the run goes on.  Under a
 * sanitizer, which needs more of the system, steps 1 and 3 do nothing.
 */
void sandbox_begin(void);

/* A missing path is ignored; a folder includes what is below it. Beyond the maximum nothing is added. */
void sandbox_allow_path(struct sandbox *sandbox, const char *path, enum sandbox_access access);
void sandbox_allow_port(struct sandbox *sandbox, uint16_t port);

void sandbox_enter(const struct sandbox *sandbox);

#ifdef OUTCROP_TEST_CLOCK
/*
 * Tries what the sandbox forbids and writes "NAME: ok" (it was possible) or "NAME: why not" for each of
 * the words in `names`, separated by commas.  `path` is what "read", "write" and "unix" open.
 */
void sandbox_probe(const char *names, const char *path, FILE *out);
#endif

#endif
