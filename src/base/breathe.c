/* A pause in long work. */
#include "base/breathe.h"

static _Thread_local void (*pause_fn)(void);

void breathe(void)
{
	if (pause_fn)
		pause_fn();
}

void breathe_step(void)
{
	static _Thread_local unsigned steps;

	if (++steps % 512 == 0)
		breathe();
}

void breathe_set(void (*fn)(void))
{
	pause_fn = fn;
}
