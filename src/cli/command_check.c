/* outcrop check: finds problems of configuration and agents, without network. */

#include "base/file.h"
#include "base/log.h"
#include "cli/command_tables.h"
#include "cli/local.h"
#include "command/print.h"
#include "job/perform.h"

struct check_command {
	struct local_options local;
};

/* Keep alphabetized. */
static const struct option options_table[] = {
	LOCAL_AGENTS(struct check_command),
	LOCAL_CONFIG(struct check_command),
	LOCAL_DEBUG(struct check_command),
};

/* One run of the command over a repository or a folder. */
struct local_check {
	struct cli *cli;
	struct job_request request;
};

static enum exit_status show(const struct cli *cli, struct problems *problems, size_t files)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	SCOPED(buf) struct buf sum = BUF_INIT;
	struct error err;

	problems_write(problems, &out);
	if (!print_text(cli, PRINT_PAGE, buf_str(&out), &err))
		return cli_fail(&err);
	check_add_sum(&sum, problems, files);
	log_info("check", "%s", sum.ptr);
	return problems->errors ? EXIT_WRONG_USE : EXIT_DONE;
}

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_check *local = arg;
	SCOPED(job) struct job job = {0};
	struct error err = {0};

	job_init(&job, runtime, &local->request);
	if (job_check(&job, &err) == JOB_FAILED)
		return cli_fail(&err);
	return show(local->cli, &job.problems, job.files_checked);
}

static enum exit_status check_named(const struct cli *cli, const struct arguments *files)
{
	SCOPED(problems) struct problems problems = {0};
	struct error err;

	if (!check_files(files->items, files->len, &problems, &err))
		return cli_fail(&err);
	return show(cli, &problems, files->len);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct check_command *given = options;
	struct local_check local = {.cli = cli};
	struct error err;

	local_log(given->local.debug);
	if (arguments->len &&
	    !(arguments->len == 1 && file_is_folder(arena_text(&cli->arena, arguments->items[0]))))
		return check_named(cli, arguments);
	if (!local_request(cli, &given->local, &local.request, &err))
		return cli_fail(&err);
	if (arguments->len) {
		local.request.change.folder = arena_text(&cli->arena, arguments->items[0]);
		local.request.change.discover = false;
	}
	return cli_start(cli, 0, false, run_local, &local);
}

const struct command command_check = {
	.name = "check",
	.summary = "Check configuration and agents without a network, and print all problems.",
	.arguments = "[PATH...]",
	.details =
		"Without PATHs, checks .github/outcrop.yml of the work tree (without a repository, of\n"
		"the current folder), the agents that it names, and all of .github/outcrop/agents/*.yml.\n"
		"A PATH is a folder, which is then used as the root, or a configuration or agent file.\n"
		"A named file is checked on its own. Prints problems as\n"
		"\"FILE:LINE:COLUMN: error: MESSAGE\". The exit status is 2 if there is an error.",
	.examples = "outcrop check\n"
		    "outcrop check .github/outcrop/agents/security.yml",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct check_command),
	.arguments_max = 100,
	.run = run,
};
