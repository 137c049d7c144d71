/* Exit statuses, as scripts and workflows rely on them. */
#ifndef JOB_STATUS_H
#define JOB_STATUS_H

#include "base/error.h"
#include "base/str.h"
#include "publish/publish.h"
#include "review/result.h"

/* When several of 1, 4, 5 and 6 apply, the highest is returned: see exit_worse(). */
enum exit_status {
	EXIT_DONE = 0,      /* also: skipped for a stated reason */
	EXIT_FINDINGS = 1,  /* a finding is at or above `fail-on`; doctor: something is wrong */
	EXIT_WRONG_USE = 2, /* wrong options, inputs, configuration or agents; nothing was called */
	EXIT_CREDENTIALS = 3, /* no usable AWS credentials */
	EXIT_INCOMPLETE = 4,  /* a required agent did not finish */
	EXIT_UNPOSTED = 5,    /* something planned could not be posted */
	EXIT_STOPPED = 6,     /* a limit of time, calls or cost, or a signal */
};

/* Wrong use and missing credentials, after which no call is made, take precedence. */
static inline enum exit_status exit_worse(enum exit_status a, enum exit_status b)
{
	if (a == EXIT_WRONG_USE || a == EXIT_CREDENTIALS)
		return a;
	if (b > a)
		return b;
	return a;
}

/* The status of a run that an error ended. */
enum exit_status status_of_error(const struct error *err);

/*
 * The status of a review, every reason for it logged.  `published` NULL: nothing was to be posted.
 * `fail_on` "never" or empty: no finding fails the run.
 */
enum exit_status status_of_review(const struct review_result *result,
				  const struct publish_report *published, struct str fail_on);

#endif
