/* outcrop check: what is wrong with configuration and agents, found without network. */
#include "agent/check.h"
#include "base/list.h"
#include "base/log.h"
#include "cli/commands.h"
#include "source/repository.h"

struct check_options {
	struct str agents, config;
	bool debug;
};

#define AT(member) offsetof(struct check_options, member)

/* Keep alphabetized. */
static const struct option options_table[] = {
	{"agents", OPTION_TEXT, AT(agents), "LIST",
	 "Agents to check, instead of those that the configuration names."},
	{"config", OPTION_TEXT, AT(config), "PATH",
	 "Configuration file in the repository. Default: .github/outcrop.yml."},
	{"debug", OPTION_FLAG, AT(debug), NULL, "Say what happens underneath."},
};

static bool check_repository(struct cli *cli, const struct check_options *given,
			     struct problems *problems, struct error *err)
{
	OWNED(repository) struct repository *repository = repository_discover(".", err);
	SCOPED(buf) struct buf sum = BUF_INIT;
	struct str_list agents = {0};
	struct source base;
	struct check_request request = {.base = &base, .config = given->config};
	size_t files = 0;

	if (!repository) {
		err->kind = ERROR_USAGE;
		return error_append(err, "; run it inside of a git repository, or name files");
	}
	if (!list_split(&cli->arena, given->agents, LIST_WORDS, &agents, err))
		return error_wrap(err, "--agents");
	request.agents = (struct strings){.items = agents.items, .len = agents.len};
	base = source_from_worktree(repository);
	if (!check_run(&request, problems, &files, err))
		return false;
	check_add_sum(&sum, problems, files);
	log_info("check", "%s", sum.ptr);
	return true;
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct check_options *given = options;
	SCOPED(problems) struct problems problems = {0};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;
	bool good;

	if (given->debug)
		log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
	if (arguments->len)
		good = check_files(arguments->items, arguments->len, &problems, &err);
	else
		good = check_repository(cli, given, &problems, &err);
	if (!good)
		return cli_fail(&err);
	problems_write(&problems, &out);
	if (!cli_output(STR_EMPTY, buf_str(&out), &err))
		return cli_fail(&err);
	return problems.errors ? EXIT_WRONG_USE : EXIT_DONE;
}

const struct command command_check = {
	.name = "check",
	.summary = "Check configuration and agents, without network: every problem in one pass.",
	.arguments = "[PATH...]",
	.details =
		"Without PATHs the work tree's .github/outcrop.yml is checked, with the agents that\n"
		"it names and all of .github/outcrop/agents/*.yml. A PATH is a configuration file or\n"
		"an agent's; files that are named are checked by themselves.\n"
		"Problems are printed as \"FILE:LINE:COLUMN: error: MESSAGE\"; the exit status is 2\n"
		"when there is an error.",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct check_options),
	.arguments_max = 100,
	.run = run,
};
