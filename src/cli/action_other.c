/* The action's other commands. */
#include "cli/action.h"

static enum exit_status unsupported(const char *name)
{
	struct error err;

	error_set(&err, ERROR_USAGE, "not supported yet: command '%s'", name);
	return cli_fail(&err);
}

enum exit_status action_doctor(struct run *run, void *arg)
{
	(void)run;
	(void)arg;
	return unsupported("doctor");
}
