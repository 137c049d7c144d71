/* Runs one task on a virtual clock. */
#include "virtual.h"

int64_t run_virtual(task_fn *fn, void *arg)
{
	struct clock clock;
	OWNED(loop) struct loop *loop = NULL;

	clock_init_virtual(&clock, 0);
	loop = loop_new(&clock);
	loop_run(loop, fn, arg);
	return clock_ms(&clock);
}
