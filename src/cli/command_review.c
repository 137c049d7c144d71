/* outcrop review: the same review on a laptop, printed; posted only when asked. */
#include "base/log.h"
#include "cli/command_tables.h"
#include "cli/local.h"
#include "cli/show.h"
#include "job/perform.h"
#include "job/post.h"
#include "output/terminal.h"

struct review_command {
	struct local_options local;
	struct str format, output;
	struct str min_severity, fail_on, language;
	struct str record, replay;
	int64_t max_concurrency, max_calls;
	double max_cost_usd, timeout_minutes, min_confidence;
	bool publish;
};

#define AT(member) offsetof(struct review_command, member)

/* Keep alphabetized. */
static const struct option options_table[] = {
	LOCAL_AGENTS(struct review_command),
	LOCAL_ALLOW_HTTP(struct review_command),
	LOCAL_BASE(struct review_command),
	LOCAL_CONFIG(struct review_command),
	LOCAL_DEBUG(struct review_command),
	LOCAL_DIFF(struct review_command),
	LOCAL_EXCLUDE(struct review_command),
	{"fail-on", OPTION_CHOICE, AT(fail_on), "SEVERITY",
	 "Exit with status 1 if a finding has this severity or above.",
	 .choices = show_fail_levels},
	{"format", OPTION_CHOICE, AT(format), "FORMAT", "How the result is printed.",
	 .choices = show_formats},
	LOCAL_INCLUDE(struct review_command),
	LOCAL_INLINE(struct review_command),
	{"language", OPTION_TEXT, AT(language), "LANG", "Language of the comments. Default: en."},
	{"max-calls", OPTION_INT, AT(max_calls), "N",
	 "Maximum number of model calls in the run. Default: 200.", .min = 1, .max = 100000},
	{"max-concurrency", OPTION_INT, AT(max_concurrency), "N",
	 "Maximum number of model calls in flight. Default: the configuration's, else 4.", .min = 1,
	 .max = 1000},
	{"max-cost-usd", OPTION_NUMBER, AT(max_cost_usd), "USD",
	 "A call starts only if the run stays within this cost."},
	{"min-confidence", OPTION_NUMBER, AT(min_confidence), "N",
	 "Findings in which the model has less confidence, from 0 to 1, are only in the report."},
	{"min-severity", OPTION_CHOICE, AT(min_severity), "SEVERITY",
	 "Findings below this severity are only in the report.", .choices = show_severities},
	LOCAL_MODEL(struct review_command),
	{"output", OPTION_TEXT, AT(output), "FILE",
	 "File for the result. Default: standard output."},
	LOCAL_PR(struct review_command),
	LOCAL_PROFILE(struct review_command),
	{"publish", OPTION_FLAG, AT(publish), NULL,
	 "Post the review on the pull request (with --pr)."},
	{"record", OPTION_TEXT, AT(record), "DIR",
	 "Write every exchange with a model into a folder."},
	LOCAL_REGION(struct review_command),
	{"replay", OPTION_TEXT, AT(replay), "DIR",
	 "Answer from a folder written by --record, without a model or AWS credentials."},
	LOCAL_STAGED(struct review_command),
	{"timeout-minutes", OPTION_NUMBER, AT(timeout_minutes), "N",
	 "Time limit for the whole run. Default: 15."},
	LOCAL_WHEN_CLEAN(struct review_command),
};

/* One run of the command. */
struct local_review {
	struct cli *cli;
	const struct review_command *given;
	struct job_request request;
	struct printer printer;
};

static bool fill_request(struct local_review *local, struct error *err)
{
	const struct review_command *given = local->given;
	struct job_choices *choices = &local->request.choices;

	if (!local_request(local->cli, &given->local, &local->request, err))
		return false;
	if (given->record.len && given->replay.len)
		return error_set(err, ERROR_USAGE, "--record and --replay exclude each other");
	if (given->publish && !given->local.pr.len)
		return error_set(err, ERROR_USAGE, "--publish needs --pr");
	choices->max_concurrency = given->max_concurrency;
	choices->max_calls = given->max_calls;
	choices->max_cost_usd = given->max_cost_usd > 0 ? given->max_cost_usd : -1;
	choices->timeout_minutes = given->timeout_minutes > 0 ? given->timeout_minutes : -1;
	choices->min_severity = given->min_severity;
	choices->min_confidence = given->min_confidence > 0 ? given->min_confidence : -1;
	choices->fail_on = given->fail_on;
	choices->inline_severity = given->local.inline_severity;
	choices->language = given->language;
	choices->record_dir = given->record;
	choices->replay_dir = given->replay;
	choices->output = given->output;
	local->request.publish =
		(struct publish_request){.on = given->publish,
					 .summary = true,
					 .review = true,
					 .silent_when_clean = local_is_silent(&given->local),
					 .state_key = local_state_key(local->cli),
					 .full = true};
	return printer_open(&local->printer, local->cli, given->output, err);
}

static enum exit_status show(struct local_review *local, const struct job *job,
			     enum exit_status status)
{
	struct review_view view = job_view(job);
	struct error err;

	if (!show_review(&local->printer, &view, local->given->format, local->cli->color, &err))
		return exit_worse(status, cli_fail(&err));
	return status;
}

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_review *local = arg;
	const struct cli *cli = local->cli;
	SCOPED(job) struct job job = {0};
	enum job_outcome outcome;
	enum exit_status status;
	struct error err = {0};

	{
		OWNED(display)
		struct display *display =
			display_new(cli->err_terminal ? DISPLAY_LIVE : DISPLAY_LINES, stderr,
				    cli->color, &runtime->clock);

		local->request.progress = display_progress(display);
		job_init(&job, runtime, &local->request);
		outcome = job_review(&job, &err);
	}
	status = job_status(&job, outcome, &err);
	if (outcome == JOB_FAILED) {
		cli_fail(&err);
		return status;
	}
	if (outcome == JOB_SKIPPED) {
		log_info("review", "%.*s: there is nothing to review", STR_ARG(job.reason));
		/* A program that reads the result gets an empty one. */
		if (!local->given->format.len || str_eq(local->given->format, STR("text")))
			return status;
	}
	return show(local, &job, status);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct review_command *given = options;
	struct local_review local = {.cli = cli, .given = given};
	enum exit_status status;
	struct error err;

	(void)arguments;
	local_log(given->local.debug);
	if (!fill_request(&local, &err))
		return cli_fail(&err);
	status = cli_start(cli, given->max_concurrency, given->local.allow_http, run_local, &local);
	printer_release(&local.printer);
	return status;
}

const struct command command_review = {
	.name = "review",
	.summary = "Review a change on this machine and print the findings.",
	.arguments = "",
	.details =
		"Without --base, --diff, --pr or --staged, compares the work tree with the default branch.\n"
		"Configuration and agents come from the work tree, or from the base commit with --pr.",
	.examples = "outcrop review\n"
		    "outcrop review --staged --agents security\n"
		    "git diff | outcrop review --diff - --format markdown --output review.md\n"
		    "outcrop review --pr acme/widgets#7 --publish",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct review_command),
	.run = run,
};
