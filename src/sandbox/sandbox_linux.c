/* Enters the sandbox: the process itself, then files and connections, then system calls. */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "sandbox/calls.h"
#include "sandbox/landlock.h"

void sandbox_begin(void)
{
	const struct rlimit none = {0, 0};

	if (SANDBOX_SANITIZED)
		return;
	/* Its memory holds tokens: no process may attach to it, dump it or read its environment. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
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
	/* Landlock and seccomp need it in a process without CAP_SYS_ADMIN. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		complain(sandbox, "no new privileges");
	if (!files_limit(sandbox))
		complain(sandbox, "limits of files and connections (Landlock)");
	if (!calls_limit())
		complain(sandbox, "limits of system calls (seccomp)");
}
