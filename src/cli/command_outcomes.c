/* outcrop outcomes: what became of the findings that were posted. */
#include "base/log.h"
#include "cli/command_tables.h"
#include "cli/local.h"
#include "command/print.h"
#include "eval/outcome_page.h"
#include "job/outcomes.h"
#include "value/json.h"

struct outcomes_command {
	struct local_options local;
	struct str author, format, name, output, repository, since;
	int64_t max_pulls;
};

#define AT(member) offsetof(struct outcomes_command, member)

static const char *const formats[] = {"text", "markdown", "json", NULL};

/* Keep alphabetized. */
static const struct option options_table[] = {
	LOCAL_ALLOW_HTTP(struct outcomes_command),
	{"author", OPTION_TEXT, AT(author), "LOGIN",
	 "Account that posted the findings. Default: any bot whose comments have outcrop's marker."},
	LOCAL_DEBUG(struct outcomes_command),
	{"format", OPTION_CHOICE, AT(format), "FORMAT", "How the result is printed.",
	 .choices = formats},
	{"max-pulls", OPTION_INT, AT(max_pulls), "N",
	 "Maximum number of pull requests, most recently updated first. Default: 500.", .min = 1,
	 .max = 10000},
	{"name", OPTION_TEXT, AT(name), "NAME", "The reviewer. Default: outcrop."},
	{"output", OPTION_TEXT, AT(output), "FILE",
	 "File for the result. Default: standard output."},
	{"repository", OPTION_TEXT, AT(repository), "OWNER/REPO",
	 "Repository. Default: that of the current clone."},
	{"since", OPTION_TEXT, AT(since), "TIME",
	 "Findings posted since this time: 30d, 12w, or a date such as 2026-11-01. Default: 30d."},
};

/* One run of the command. */
struct local_outcomes {
	struct cli *cli;
	const struct outcomes_command *given;
	struct job_request request;
	struct printer printer;
};

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_outcomes *local = arg;
	struct str format = local->given->format;
	SCOPED(job) struct job job = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err = {0};
	bool is_json = str_eq(format, STR("json"));

	job_init(&job, runtime, &local->request);
	if (job_outcomes(&job, &err) == JOB_FAILED)
		return cli_fail(&err);
	if (is_json) {
		json_write(&out, outcomes_value(&local->cli->arena, &job.outcomes), JSON_PRETTY);
		buf_add_char(&out, '\n');
	} else {
		outcomes_page(&out, &job.outcomes,
			      str_eq(format, STR("markdown")) ? TABLE_MARKDOWN : TABLE_TEXT);
	}
	if (!printer_add(&local->printer, is_json ? PRINT_JSON : PRINT_PAGE, buf_str(&out), &err) ||
	    !printer_close(&local->printer, &err))
		return cli_fail(&err);
	return EXIT_DONE;
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct outcomes_command *given = options;
	struct local_outcomes local = {.cli = cli, .given = given};
	struct job_request *request = &local.request;
	enum exit_status status;
	struct error err;

	(void)arguments;
	local_log(given->local.debug);
	if (!local_request(cli, &given->local, request, &err))
		return cli_fail(&err);
	request->change.kind = CHANGE_PULL;
	request->forge.repository = given->repository;
	request->choices.name = given->name;
	request->outcomes.since = given->since;
	request->outcomes.author = given->author;
	request->outcomes.pulls_max = given->max_pulls;
	if (!printer_open(&local.printer, cli, given->output, &err))
		return cli_fail(&err);
	status = cli_start(cli, 0, given->local.allow_http, run_local, &local);
	printer_release(&local.printer);
	return status;
}

const struct command command_outcomes = {
	.name = "outcomes",
	.summary =
		"Show what happened to posted findings: lines changed, threads resolved, dismissals.",
	.arguments = "",
	.details =
		"Reads pull requests with GITHUB_TOKEN or GH_TOKEN. Writes nothing and calls no model.\n"
		"docs/outcomes.md explains the figures and has a scheduled workflow.",
	.examples = "outcrop outcomes --since 12w\n"
		    "outcrop outcomes --repository acme/widgets --format json \\\n"
		    "  --output outcomes.json",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct outcomes_command),
	.run = run,
};
