/* Runs one task on a virtual clock. */
#ifndef TESTS_UNIT_TASK_VIRTUAL_H
#define TESTS_UNIT_TASK_VIRTUAL_H

#include "task/task.h"

/* Returns how many milliseconds of virtual time it took. */
int64_t run_virtual(task_fn *fn, void *arg);

#endif
