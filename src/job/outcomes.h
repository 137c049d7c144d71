/* What became of the findings of the last weeks, read from GitHub. */
#ifndef JOB_OUTCOMES_H
#define JOB_OUTCOMES_H

#include "job/perform.h"

enum { OUTCOMES_PULLS_MAX = 500 };

/*
 * Reads the pull requests that were updated since `request.outcomes.since_ms`, what was posted on them, and
 * how the lines with findings changed until they were closed: fills `outcomes`.  Nothing is written, and no
 * model is asked.  The change has to be CHANGE_PULL without a number, or CHANGE_EVENT.  Waits.
 */
job_fn job_outcomes;

#endif
