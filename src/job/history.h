/* Earlier findings, for the models. */
#ifndef JOB_HISTORY_H
#define JOB_HISTORY_H

#include "job/job.h"

/*
 * Fills change.said: what is posted on the pull request, what people dismissed there, and what they dismissed
 * on other recent ones.  Only after prepare_previous() has read it.  If the others cannot be read, a notice says so
 * and the review continues.  Waits.
 */
void history_tell(struct job *job);

#endif
