/* Systems without Landlock and seccomp: no core dumps, and a debug line that names what is missing. */
#include <sys/resource.h>

#include "sandbox/sandbox.h"

void sandbox_begin(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
}

void sandbox_enter(const struct sandbox *sandbox UNUSED)
{
	log_debug("sandbox", "this build does not limit files, connections and system calls");
}
