/* Collects the rights that a sandbox keeps: paths and ports. */
#include "sandbox/rights.h"

void rights_allow_path(struct sandbox *sandbox, const char *path, enum sandbox_access access)
{
	if (*path && sandbox->paths_len < SANDBOX_PATHS_MAX)
		sandbox->paths[sandbox->paths_len++] = (struct sandbox_path){path, access};
}

void rights_allow_port(struct sandbox *sandbox, uint16_t port)
{
	for (size_t i = 0; i < sandbox->ports_len; i++) {
		if (sandbox->ports[i] == port)
			return;
	}
	if (port && sandbox->ports_len < SANDBOX_PORTS_MAX)
		sandbox->ports[sandbox->ports_len++] = port;
}
