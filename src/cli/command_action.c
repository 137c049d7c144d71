/* outcrop action: the whole job inside a GitHub workflow. */
#include "base/log.h"
#include "cli/action.h"
#include "cli/commands.h"
#include "cli/results.h"

/* The settings that every command of the action needs, checked before anything is called. */
static bool read_settings(struct action *action, struct error *err)
{
	struct cli *cli = action->cli;
	struct problems problems = {0};
	enum log_level level = LOG_INFO;
	bool good = inputs_read(&cli->env, &cli->arena, &action->inputs, &problems);

	if (str_eq(env_get(&cli->env, "RUNNER_DEBUG"), STR("1")))
		level = LOG_DEBUG;
	if (action->inputs.log_level.len && !log_level_parse(action->inputs.log_level, &level))
		good = false;
	log_setup(level, cli->in_actions ? LOG_FORMAT_WORKFLOW : LOG_FORMAT_TEXT);
	for (size_t i = 0; i < problems.len; i++)
		log_error("inputs", "%.*s", STR_ARG(problems.items[i].text));
	problems_release(&problems);
	if (!good)
		return error_set(err, ERROR_USAGE, "wrong inputs; nothing was called");
	return true;
}

/* What the input `command` may say, and what does it. Sorted. */
static const struct {
	const char *name;
	enum exit_status (*run)(struct runtime *run, void *arg);
	bool leaves_report;
} kinds[] = {
	{"check", action_check, false},  {"doctor", action_doctor, false},
	{"merge", action_merge, true},   {"plan", action_plan, false},
	{"review", action_review, true},
};

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	struct action action = {.cli = cli};
	int64_t connections;
	struct error err;

	(void)options;
	(void)arguments;
	if (!read_settings(&action, &err))
		return cli_fail(&err);
	connections = MAX_OF(action.inputs.max_concurrency, (int64_t)8);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!str_eq(action.inputs.command, str_from(kinds[i].name)))
			continue;
		if (!results_check(&cli->env, &action.inputs, kinds[i].leaves_report, &err))
			return cli_fail(&err);
		return cli_start(cli, (int)connections, false, kinds[i].run, &action);
	}
	error_set(&err, ERROR_USAGE, "not supported yet: command '%.*s'",
		  STR_ARG(action.inputs.command));
	return cli_fail(&err);
}

const struct command command_action = {
	.name = "action",
	.summary = "The whole job inside a GitHub workflow: inputs and event in, review out.",
	.arguments = "",
	.details =
		"Everything is read from the environment that the runner gives (INPUT_*, GITHUB_*);\n"
		"action.yml lists the inputs and outputs.",
	.options_size = 1,
	.run = run,
};
