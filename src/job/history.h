/* What the models are told of earlier reviews. */
#ifndef JOB_HISTORY_H
#define JOB_HISTORY_H

#include "job/job.h"

/*
 * Fills change.said: what is posted on the pull request, what people dismissed there, and what they dismissed
 * on other recent ones.  Only where prepare_previous() has read it.  What cannot be read of the others is a notice:
 * the review goes on without it.  Waits.
 */
void history_tell(struct job *job);

#endif
