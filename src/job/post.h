/* Publishes a job's result on its pull request, and describes it for pages. */
#ifndef JOB_POST_H
#define JOB_POST_H

#include "job/job.h"
#include "output/view.h"

/*
 * Publishes what the request asks for, once; what could not be posted is in job->published.  A signal
 * leaves it a few seconds.  Waits.
 */
void job_publish(struct job *job);

/* The current view of a review or a merge; borrows from the job. */
struct review_view job_view(const struct job *job);

/* What was published; NULL when nothing was to be. */
const struct publish_report *job_published(const struct job *job);

#endif
