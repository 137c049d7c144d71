/* The process itself: no core dumps, unreadable for others, no new privileges. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "sandbox/parts.h"

void sandbox_begin(void)
{
	const struct rlimit none = {0, 0};

	if (SANDBOX_SANITIZED)
		return;
	/* Its memory holds tokens: nobody may attach to it, dump it or read its environment. */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
}
