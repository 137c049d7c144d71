/* outcrop plan: what a review would call, with its estimated cost, without a model call. */
#include "cli/command_tables.h"
#include "cli/local.h"
#include "command/print.h"
#include "job/perform.h"
#include "output/plan_text.h"
#include "review/plan_value.h"
#include "value/json.h"

struct plan_command {
	struct local_options local;
	struct str format, output;
	int64_t shards;
};

#define AT(member) offsetof(struct plan_command, member)

static const char *const formats[] = {"text", "json", NULL};

/* Keep alphabetized. */
static const struct option options_table[] = {
	LOCAL_AGENTS(struct plan_command),
	LOCAL_ALLOW_HTTP(struct plan_command),
	LOCAL_BASE(struct plan_command),
	LOCAL_CONFIG(struct plan_command),
	LOCAL_DEBUG(struct plan_command),
	LOCAL_DIFF(struct plan_command),
	LOCAL_EXCLUDE(struct plan_command),
	{"format", OPTION_CHOICE, AT(format), "FORMAT",
	 "How the plan is printed; a matrix of shards is always JSON.", .choices = formats},
	LOCAL_INCLUDE(struct plan_command),
	LOCAL_MODEL(struct plan_command),
	{"output", OPTION_TEXT, AT(output), "FILE", "File for the plan. Default: standard output."},
	LOCAL_PR(struct plan_command),
	LOCAL_PROFILE(struct plan_command),
	LOCAL_REGION(struct plan_command),
	{"shards", OPTION_INT, AT(shards), "N",
	 "Split the review over at most N jobs and print a matrix for GitHub's strategy.matrix.",
	 .min = 1, .max = SHARDS_MAX},
	LOCAL_STAGED(struct plan_command),
};

/* One run of the command. */
struct local_plan {
	struct cli *cli;
	const struct plan_command *given;
	struct job_request request;
	struct printer printer;
};

static bool fill_request(struct local_plan *local, struct error *err)
{
	const struct plan_command *given = local->given;

	if (given->shards && given->local.diff.len)
		return error_set(
			err, ERROR_USAGE,
			"--shards needs commits, which --diff does not have: give --base or --pr");
	if (!local_request(local->cli, &given->local, &local->request, err))
		return false;
	local->request.choices.shards = (int)given->shards;
	return printer_open(&local->printer, local->cli, given->output, err);
}

static bool print_plan(struct local_plan *local, const struct job *job, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	enum print_kind kind = PRINT_JSON;

	if (local->given->shards) {
		change_plan_add_matrix(&out, &job->plan, &job->target);
		buf_add_char(&out, '\n');
	} else if (str_eq(local->given->format, STR("json"))) {
		json_write(&out, plan_value(&arena, &job->plan.plan), JSON_PRETTY);
		buf_add_char(&out, '\n');
	} else {
		plan_text_add(&out, &job->plan.plan, &job->session.agents);
		kind = PRINT_PAGE;
	}
	return printer_add(&local->printer, kind, buf_str(&out), err) &&
	       printer_close(&local->printer, err);
}

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_plan *local = arg;
	SCOPED(job) struct job job = {0};
	struct error err = {0};
	enum job_outcome outcome;

	job_init(&job, runtime, &local->request);
	outcome = job_plan(&job, &err);
	if (outcome == JOB_FAILED || !print_plan(local, &job, &err))
		return cli_fail(&err);
	return job_status(&job, outcome, &err);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct plan_command *given = options;
	struct local_plan local = {.cli = cli, .given = given};
	enum exit_status status;
	struct error err;

	(void)arguments;
	local_log(given->local.debug);
	if (!fill_request(&local, &err))
		return cli_fail(&err);
	status = cli_start(cli, 0, given->local.allow_http, run_local, &local);
	printer_release(&local.printer);
	return status;
}

const struct command command_plan = {
	.name = "plan",
	.summary = "Print which calls a review would make and what it would cost, without a call.",
	.arguments = "",
	.details =
		"Without --base, --diff, --pr or --staged, compares the work tree with the default branch.\n"
		"Needs no AWS credentials. Tokens and costs are estimates.",
	.examples = "outcrop plan\n"
		    "outcrop plan --pr acme/widgets#7 --shards 4",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct plan_command),
	.run = run,
};
