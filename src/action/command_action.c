/* outcrop action: the whole job inside a GitHub workflow. */
#include "action/action.h"

#include <assert.h>

#include "action/action_eval.h"
#include "action/outputs.h"
#include "base/log.h"
#include "job/outcomes.h"
#include "job/reports.h"
#include "output/terminal.h"

/* What the input `command` may be.  Sorted; a test compares it with the table of inputs. */
static const struct kind {
	const char *name;
	job_fn *perform;
	action_end *end;
	bool needs_reports, leaves_report;
	enum exit_status (*whole)(struct runtime *runtime, struct action *action); /* not a job */
} kinds[] = {
	{"check", job_check, action_end_check, false, false, NULL},
	{"doctor", job_doctor, action_end_doctor, false, false, NULL},
	{"eval", NULL, NULL, false, true, action_eval},
	{"merge", job_merge, action_end_review, true, true, NULL},
	{"outcomes", job_outcomes, action_end_outcomes, false, true, NULL},
	{"plan", job_plan, action_end_plan, false, false, NULL},
	{"review", job_review, action_end_review, false, true, NULL},
};

/* The inputs were read, so their command is one of these. */
static const struct kind *kind_of(const struct action *action)
{
	const struct kind *kind = NULL;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_eq(action->inputs.command, str_from(kinds[i].name)))
			kind = &kinds[i];
	}
	assert(kind);
	return kind;
}

static enum exit_status fail(struct action *action, const struct error *err,
			     enum exit_status status)
{
	cli_fail(err);
	return exit_worse(status,
			  action_end_without(action, CONCLUSION_FAILED, str_from(err->message)));
}

static bool read_reports(const struct action *action, struct job_request *request,
			 struct error *err)
{
	struct report_files reports;
	const char *folder = request->change.folder ? request->change.folder : ".";

	if (!reports_find(folder, &action->inputs.reports, &action->cli->arena, &reports, err))
		return false;
	request->reports = reports.items;
	request->reports_len = reports.len;
	return true;
}

static enum display_kind display_kind(const struct cli *cli)
{
	if (cli->in_actions)
		return DISPLAY_GROUPS;
	return cli->err_terminal ? DISPLAY_LIVE : DISPLAY_LINES;
}

static enum exit_status run_kind(struct runtime *runtime, void *arg)
{
	struct action *action = arg;
	const struct cli *cli = action->cli;
	const struct kind *kind = kind_of(action);
	struct job_request request = action_request(action);
	SCOPED(job) struct job job = {0};
	enum job_outcome outcome;
	enum exit_status status;
	struct error err = {0};

	if (kind->whole)
		return kind->whole(runtime, action);
	if (kind->needs_reports && !read_reports(action, &request, &err))
		return fail(action, &err, status_of_error(&err));
	{
		OWNED(display)
		struct display *display =
			display_new(display_kind(cli), stderr, cli->color, &runtime->clock);

		request.progress = display_progress(display);
		job_init(&job, runtime, &request);
		outcome = kind->perform(&job, &err);
	}
	status = job_status(&job, outcome, &err);
	switch (outcome) {
	case JOB_FAILED:
		return fail(action, &err, status);
	case JOB_SKIPPED:
		return exit_worse(status,
				  action_end_without(action, CONCLUSION_SKIPPED, job.reason));
	case JOB_DONE:
		break;
	}
	return exit_worse(status, kind->end(action, &job));
}

/* The settings that every command of the action needs, checked before anything is called. */
static bool read_settings(struct action *action, struct problems *problems)
{
	struct cli *cli = action->cli;
	enum log_level level = LOG_INFO;
	bool ok = inputs_read(&cli->env, &cli->arena, &action->inputs, problems);

	if (str_eq(env_get(&cli->env, "RUNNER_DEBUG"), STR("1")))
		level = LOG_DEBUG;
	if (action->inputs.log_level.len && !log_level_parse(action->inputs.log_level, &level))
		ok = false;
	log_setup(level, cli->in_actions ? LOG_FORMAT_WORKFLOW : LOG_FORMAT_TEXT);
	return ok;
}

static enum exit_status refuse(struct action *action, const struct problems *problems)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	for (size_t i = 0; i < problems->len; i++) {
		log_error("inputs", "%.*s", STR_ARG(problems->items[i].text));
		buf_addf(&text, "%.*s\n", STR_ARG(problems->items[i].text));
	}
	log_error("cli", "wrong inputs; no call was made");
	return exit_worse(EXIT_WRONG_USE,
			  action_end_without(action, CONCLUSION_FAILED, buf_str(&text)));
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	struct action action = {.cli = cli};
	SCOPED(problems) struct problems problems = {0};
	struct error err;

	(void)options;
	(void)arguments;
	if (!read_settings(&action, &problems))
		return refuse(&action, &problems);
	if (!results_check(&cli->env, &action.inputs, kind_of(&action)->leaves_report, &err)) {
		/* The results of this step cannot be written either, so that status does not count. */
		(void)fail(&action, &err, EXIT_WRONG_USE);
		return EXIT_WRONG_USE;
	}
	return cli_start(cli, action.inputs.max_concurrency, false, run_kind, &action);
}

const struct command command_action = {
	.name = "action",
	.summary =
		"Run the action in a GitHub workflow: read inputs and the event, and post the review.",
	.arguments = "",
	.details =
		"Reads everything from the environment that the runner sets (INPUT_*, GITHUB_*);\n"
		"action.yml lists the inputs and outputs.",
	.examples = "# as in a workflow: everything comes from the environment\n"
		    "GITHUB_ACTIONS=true outcrop action",
	.options_size = 1,
	.run = run,
};
