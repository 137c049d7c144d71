/* An evaluation: reviews cases with known answers. */
#ifndef JOB_EVALUATE_H
#define JOB_EVALUATE_H

#include "job/evaluation.h"

/*
 * Reviews each case, one after the other, and fills `results`.  A case that fails is an incomplete reply,
 * not an error.  Waits.
 */
bool evaluate_run(const struct evaluate_request *request, struct runtime *runtime,
		  struct evaluation *evaluation, struct error *err) MUST_USE;

#endif
