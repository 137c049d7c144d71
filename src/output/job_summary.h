/* The job summary: the review as one page, with the figures and a timeline. */
#ifndef OUTPUT_JOB_SUMMARY_H
#define OUTPUT_JOB_SUMMARY_H

#include "output/view.h"

/* A summary over 1 MiB is dropped whole by the runner; ours stays below this. */
enum { JOB_SUMMARY_SIZE_MAX = 1000 * 1024 };

/*
 * Appends the review's findings in full, the table of agents and a Mermaid gantt of when each ran.  Cut
 * behind a line when it would be longer than JOB_SUMMARY_SIZE_MAX, saying so.
 */
void job_summary(struct buf *out, const struct review_view *view);

#endif
