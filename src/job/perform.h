/* The jobs, each from a request to an outcome: review, merge, plan, doctor, check. */
#ifndef JOB_PERFORM_H
#define JOB_PERFORM_H

#include "job/job.h"

enum job_outcome {
	JOB_SKIPPED, /* nothing to do; job->reason says why */
	JOB_DONE,
	JOB_FAILED, /* with an error */
};

typedef enum job_outcome job_fn(struct job *job, struct error *err);

/* Reviews the change and publishes the result: fills `result` and `published`.  Waits. */
job_fn job_review;

/* Joins the reports of shards and publishes the result: fills `result`, `joined`, `published`.  Waits. */
job_fn job_merge;

/* Plans what a review would call: fills `plan`.  Waits. */
job_fn job_plan;

/* Tries AWS, the models and GitHub: fills `checks`.  Waits. */
job_fn job_doctor;

/*
 * Checks configuration and agents: fills `problems`.  Those of the base commit for CHANGE_EVENT, else those
 * of the work tree, or of `folder` without a repository.  Waits.
 */
job_fn job_check;

/*
 * The exit status of a job that was skipped, is done, or failed with `err`.  It logs the reasons
 * of a review, so call it once; the caller logs the error.
 */
enum exit_status job_status(const struct job *job, enum job_outcome outcome,
			    const struct error *err);

#endif
