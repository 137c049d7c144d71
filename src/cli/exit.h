/* Exit statuses, as scripts and workflows rely on them. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

/* When several of 1, 4, 5 and 6 apply, the highest is returned; exit_worse() says so in one place. */
enum exit_status {
	EXIT_DONE = 0,     /* also: skipped for a stated reason */
	EXIT_FINDINGS = 1, /* a finding is at or above `fail-on`; doctor: something is wrong */
	EXIT_WRONG_USE =
		2, /* options, inputs, configuration or agents are wrong; nothing was called */
	EXIT_CREDENTIALS = 3, /* no usable AWS credentials */
	EXIT_INCOMPLETE = 4,  /* a required agent has no complete result */
	EXIT_UNPOSTED = 5,    /* something planned could not be posted */
	EXIT_STOPPED = 6,     /* a limit of time, calls or cost, or a signal */
};

static inline enum exit_status exit_worse(enum exit_status a, enum exit_status b)
{
	return a > b ? a : b;
}

#endif
