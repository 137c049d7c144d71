/* The steps before the first model call: the change, the configuration, earlier findings. */
#ifndef JOB_PREPARATION_H
#define JOB_PREPARATION_H

#include "job/job.h"

/*
 * Each returns false with `err`, or true; true with job->reason set means that there is nothing to
 * do. All of them wait.
 */

/* Checks the options, then opens the local repository and the clients of GitHub, without a call. */
bool prepare_target(struct job *job, struct error *err) MUST_USE;

/* Finds the change by the request, or the pull request that has it. */
bool prepare_change(struct job *job, struct error *err) MUST_USE;

/* Reads configuration and agents; takes those that a comment chose. */
bool prepare_session(struct job *job, struct error *err) MUST_USE;

/* Reads the diff of a pull request; a reason when it is empty. */
bool prepare_diff(struct job *job, struct error *err) MUST_USE;

/*
 * Reads what is posted on the pull request already.  Where nothing is to be published (a shard, a laptop) it only
 * informs the review, so that a failure is a notice.
 */
bool prepare_previous(struct job *job, struct error *err) MUST_USE;

/*
 * Judges the risk of the change, which prepare_diff() has read, and takes the agents and the model
 * of its tier.  Agents that a comment chose stay.  May wait.
 */
bool prepare_risk(struct job *job, struct error *err) MUST_USE;

/* Signs in to AWS; what is posted already is read from GitHub meanwhile, as by prepare_previous(). */
bool prepare_services(struct job *job, struct error *err) MUST_USE;

#endif
