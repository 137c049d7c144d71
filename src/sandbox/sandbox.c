/* Collects what the process keeps, and enters the sandbox. */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "sandbox/parts.h"

void sandbox_allow_path(struct sandbox *sandbox, const char *path, enum sandbox_access access)
{
	if (*path && sandbox->paths_len < SANDBOX_PATHS_MAX)
		sandbox->paths[sandbox->paths_len++] = (struct sandbox_path){path, access};
}

void sandbox_allow_port(struct sandbox *sandbox, uint16_t port)
{
	for (size_t i = 0; i < sandbox->ports_len; i++) {
		if (sandbox->ports[i] == port)
			return;
	}
	if (port && sandbox->ports_len < SANDBOX_PORTS_MAX)
		sandbox->ports[sandbox->ports_len++] = port;
}

static void complain(const struct sandbox *sandbox, const char *what)
{
	log_write(sandbox->complain, "sandbox",
		  "%s: the kernel refused: %s; the run continues without it", what,
		  strerror(errno));
}

void sandbox_enter(const struct sandbox *sandbox)
{
	if (SANDBOX_SANITIZED)
		return;
	/* Landlock and seccomp ask for it where the process is not privileged. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		complain(sandbox, "no new privileges");
	if (!files_limit(sandbox))
		complain(sandbox, "limits of files and connections (Landlock)");
	if (!calls_limit())
		complain(sandbox, "limits of system calls (seccomp)");
}
