/* A step that runs beside its caller. */
#include "task/beside.h"

#include "base/log.h"

static void beside_task(void *arg)
{
	struct beside *beside = arg;

	beside->ok = beside->fn(beside->ctx, &beside->err);
}

void beside_begin(struct beside *beside, beside_fn *fn, void *ctx)
{
	*beside = (struct beside){.fn = fn, .ctx = ctx};
	group_init(&beside->group, task_group());
	group_spawn(&beside->group, log_flow(), beside_task, beside);
}

bool beside_end(struct beside *beside, struct error *err)
{
	if (!task_join(&beside->group, err))
		return false;
	if (!beside->ok)
		*err = beside->err;
	return beside->ok;
}

void beside_release(struct beside *beside)
{
	group_release(&beside->group);
}
