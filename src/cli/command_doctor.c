/* outcrop doctor: checks everything that a review needs, and prints how to fix problems. */
#include <stdint.h>
#include <stdio.h>

#include "cli/command_tables.h"
#include "cli/local.h"
#include "command/print.h"
#include "job/perform.h"
#include "output/terminal.h"

struct doctor_command {
	struct local_options local;
};

/* Keep alphabetized. */
static const struct option options_table[] = {
	LOCAL_AGENTS(struct doctor_command),  LOCAL_ALLOW_HTTP(struct doctor_command),
	LOCAL_CONFIG(struct doctor_command),  LOCAL_DEBUG(struct doctor_command),
	LOCAL_MODEL(struct doctor_command),   LOCAL_PR(struct doctor_command),
	LOCAL_PROFILE(struct doctor_command), LOCAL_REGION(struct doctor_command),
};

struct local_doctor {
	struct cli *cli;
	struct job_request request;
};

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_doctor *local = arg;
	SCOPED(job) struct job job = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err = {0};
	enum job_outcome outcome;

	job_init(&job, runtime, &local->request);
	outcome = job_doctor(&job, &err);
	if (outcome == JOB_FAILED)
		return cli_fail(&err);
	doctor_write(&out, &job.checks,
		     local->cli->out_terminal ? (size_t)terminal_width(stdout) : SIZE_MAX);
	if (!print_text(local->cli, PRINT_PAGE, buf_str(&out), &err))
		return cli_fail(&err);
	return job_status(&job, outcome, &err);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct doctor_command *given = options;
	struct local_doctor local = {.cli = cli};
	struct error err;

	(void)arguments;
	local_log(given->local.debug);
	if (!local_request(cli, &given->local, &local.request, &err))
		return cli_fail(&err);
	return cli_start(cli, 0, given->local.allow_http, run_local, &local);
}

const struct command command_doctor = {
	.name = "doctor",
	.summary = "Check credentials, models and GitHub, and print how to fix problems.",
	.arguments = "",
	.details =
		"Asks each model for one word, which costs a fraction of a cent, and sends an empty\n"
		"update to the pull request to check whether the token can post. Prints which models\n"
		"will retire, the date, and what to use instead. The exit status is 1 if a check fails.",
	.examples = "outcrop doctor --profile review\n"
		    "outcrop doctor --pr acme/widgets#7",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct doctor_command),
	.run = run,
};
