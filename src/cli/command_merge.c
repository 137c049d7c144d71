/* outcrop merge: the reports of shards as one review, printed; posted only when asked. */
#include "cli/command_tables.h"
#include "cli/local.h"
#include "cli/show.h"
#include "job/perform.h"
#include "job/post.h"
#include "job/reports.h"

struct merge_command {
	struct local_options local; /* those of connections */
	struct str format, output, fail_on;
	bool publish;
};

#define AT(member) offsetof(struct merge_command, member)

/* Keep alphabetized. */
static const struct option options_table[] = {
	LOCAL_ALLOW_HTTP(struct merge_command),
	LOCAL_DEBUG(struct merge_command),
	{"fail-on", OPTION_CHOICE, AT(fail_on), "SEVERITY",
	 "Exit with status 1 if a finding has this severity or above.",
	 .choices = show_fail_levels},
	{"format", OPTION_CHOICE, AT(format), "FORMAT", "How the result is printed.",
	 .choices = show_formats},
	LOCAL_INLINE(struct merge_command),
	{"output", OPTION_TEXT, AT(output), "FILE",
	 "File for the result. Default: standard output."},
	{"publish", OPTION_FLAG, AT(publish), NULL,
	 "Post the review on the reports' pull request, with GITHUB_TOKEN or GH_TOKEN."},
	LOCAL_WHEN_CLEAN(struct merge_command),
};

/* One run of the command. */
struct local_merge {
	struct cli *cli;
	const struct merge_command *given;
	struct job_request request;
	struct printer printer;
};

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_merge *local = arg;
	SCOPED(job) struct job job = {0};
	struct error err = {0};
	enum job_outcome outcome;
	enum exit_status status;
	struct review_view view;

	job_init(&job, runtime, &local->request);
	outcome = job_merge(&job, &err);
	status = job_status(&job, outcome, &err);
	if (outcome == JOB_FAILED) {
		cli_fail(&err);
		return status;
	}
	view = job_view(&job);
	if (!show_review(&local->printer, &view, local->given->format, local->cli->color, &err))
		return exit_worse(status, cli_fail(&err));
	return status;
}

static bool fill_request(struct local_merge *local, const struct arguments *files,
			 struct error *err)
{
	struct job_request *request = &local->request;
	struct report_files reports;

	if (!local_request(local->cli, &local->given->local, request, err) ||
	    !reports_read(files->items, files->len, &local->cli->arena, &reports, err))
		return false;
	request->change.kind = CHANGE_PULL;
	request->change.folder = NULL;
	request->reports = reports.items;
	request->reports_len = reports.len;
	request->choices.fail_on = local->given->fail_on;
	request->choices.inline_severity = local->given->local.inline_severity;
	request->publish =
		(struct publish_request){.on = local->given->publish,
					 .summary = true,
					 .review = true,
					 .silent_when_clean = local_is_silent(&local->given->local),
					 .state_key = local_state_key(local->cli)};
	return printer_open(&local->printer, local->cli, local->given->output, err);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct merge_command *given = options;
	struct local_merge local = {.cli = cli, .given = given};
	enum exit_status status;
	struct error err;

	local_log(given->local.debug);
	if (!fill_request(&local, arguments, &err))
		return cli_fail(&err);
	status = cli_start(cli, 0, given->local.allow_http, run_local, &local);
	printer_release(&local.printer);
	return status;
}

const struct command command_merge = {
	.name = "merge",
	.summary = "Join the JSON reports of shards into one review.",
	.arguments = "REPORT...",
	.details =
		"The reports are written by 'outcrop action' with the input shard, and must belong to one\n"
		"plan. If a shard has no report, the review is partial (exit status 4).",
	.examples = "outcrop merge reports/*.json --format markdown\n"
		    "outcrop merge reports/*.json --publish",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct merge_command),
	.arguments_max = SHARDS_MAX,
	.run = run,
};
