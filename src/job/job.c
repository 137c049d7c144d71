/* A job: its request and its results. */
#include "job/job.h"

void job_init(struct job *job, struct runtime *runtime, const struct job_request *request)
{
	*job = (struct job){.runtime = runtime, .request = *request};
}

void job_release(struct job *job)
{
	if (!job)
		return;
	problems_release(&job->problems);
	doctor_checks_release(&job->checks);
	change_plan_release(&job->plan);
	publish_report_release(&job->published);
	review_result_release(&job->result);
	previous_release(&job->previous);
	session_release(&job->session);
	target_release(&job->target);
}
