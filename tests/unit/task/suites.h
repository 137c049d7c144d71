/* The suites of this folder. */
#ifndef TESTS_UNIT_TASK_SUITES_H
#define TESTS_UNIT_TASK_SUITES_H

#include "unit.h"

#include "task/task.h"

Suite *loop_suite(void);
Suite *queue_suite(void);

/* Runs `fn` as the first task of a loop of its own whose clock is virtual; gives the time it took. */
int64_t run_virtual(task_fn *fn, void *arg);

#endif
