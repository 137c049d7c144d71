/* The entry point: finds the command, decodes its options, runs it. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "cli/command_tables.h"
#include "cli/commands.h"
#include "command/print.h"
#include "job/confine.h"
#include "redact/redact.h"
#include "sandbox/sandbox.h"

extern char **environ;

static const struct command *find_command(struct str name)
{
	for (size_t i = 0; i < all_commands.len; i++) {
		if (str_eq(name, str_from(all_commands.items[i]->name)))
			return all_commands.items[i];
	}
	return NULL;
}

static void add_overview(struct buf *out)
{
	buf_add_text(out, "outcrop: review agents, on Amazon Bedrock, for pull requests\n\n"
			  "Usage: outcrop COMMAND [OPTION...]\n\nCommands:\n");
	for (size_t i = 0; i < all_commands.len; i++) {
		buf_addf(out, "  %-14s", all_commands.items[i]->name);
		help_fold(out, all_commands.items[i]->summary, 16, 16);
	}
	buf_add_text(out,
		     "\nRun 'outcrop COMMAND --help' for options and examples.\n\nExit status:\n");
	for (size_t i = 0; i < exit_meanings_len; i++) {
		buf_addf(out, "  %zu  ", i);
		help_fold(out, exit_meanings[i], 5, 5);
	}
}

static void add_help(struct buf *out, const struct command *command)
{
	buf_addf(out, "Usage: outcrop %s [OPTION...]%s%s\n\n", command->name,
		 *command->arguments ? " " : "", command->arguments);
	help_fold(out, command->summary, 0, 0);
	if (command->details) {
		buf_add_char(out, '\n');
		help_fold(out, command->details, 0, 0);
	}
	buf_add_text(out, "\nOptions:\n");
	options_help(out, command->options, command->options_len);
	if (command->examples) {
		struct str rest = str_from(command->examples);
		struct str line;

		buf_add_text(out, "\nExamples:\n");
		while (str_next_part(&rest, '\n', &line))
			buf_addf(out, "  %.*s\n", STR_ARG(line));
	}
}

static enum exit_status print(const struct cli *cli, const struct buf *text)
{
	struct error err;

	return print_text(cli, PRINT_PAGE, buf_str(text), &err) ? EXIT_DONE : cli_fail(&err);
}

static enum exit_status unknown_command(struct str name)
{
	struct str names[32];
	struct str nearest;
	size_t len = MIN_OF(all_commands.len, ARRAY_LEN(names));

	for (size_t i = 0; i < len; i++)
		names[i] = str_from(all_commands.items[i]->name);
	nearest = str_nearest(name, names, len);
	if (nearest.len)
		log_error("cli", "unknown command \"%.*s\"; did you mean \"%.*s\"?", STR_ARG(name),
			  STR_ARG(nearest));
	else
		log_error("cli", "unknown command \"%.*s\"; see \"outcrop --help\"", STR_ARG(name));
	return EXIT_WRONG_USE;
}

static enum exit_status run_command(struct cli *cli, const struct command *command,
				    const char *const *argv)
{
	struct parse_request request = {
		.command = command->name,
		.options = command->options,
		.options_len = command->options_len,
		.arguments_max = command->arguments_max,
		.argv = argv,
	};
	void *options = arena_alloc(&cli->arena, 1, command->options_size);
	struct arguments arguments = {0};
	struct error err;
	bool help;

	if (!options_parse(&request, &cli->arena, options, &arguments, &help, &err))
		return cli_fail(&err);
	if (help) {
		SCOPED(buf) struct buf text = BUF_INIT;

		add_help(&text, command);
		return print(cli, &text);
	}
	return command->run(cli, options, &arguments);
}

/* Without arguments in a workflow, the container runs the action. */
static enum exit_status dispatch(struct cli *cli, const char *const *argv)
{
	static const char *const no_arguments[] = {NULL};
	const struct command *command;
	SCOPED(buf) struct buf text = BUF_INIT;
	bool bare = !argv[0];

	if (bare && !cli->in_actions) {
		add_overview(&text);
		fputs(text.ptr, stderr);
		return EXIT_WRONG_USE;
	}
	if (!bare && strcmp(argv[0], "help") == 0 && argv[1]) {
		static const char *const help[] = {"--help", NULL};

		command = find_command(str_from(argv[1]));
		return command ? run_command(cli, command, help)
			       : unknown_command(str_from(argv[1]));
	}
	if (!bare && (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0 ||
		      strcmp(argv[0], "help") == 0)) {
		add_overview(&text);
		return print(cli, &text);
	}
	if (!bare && (strcmp(argv[0], "--version") == 0 || strcmp(argv[0], "-V") == 0))
		return run_command(cli, &command_version, argv + 1);
	command = find_command(bare ? STR("action") : str_from(argv[0]));
	if (!command)
		return unknown_command(str_from(argv[0]));
	return run_command(cli, command, bare ? no_arguments : argv + 1);
}

/* Whether the action runs: by its name, or without arguments in a workflow. */
static bool is_action(const struct cli *cli, const char *const *argv)
{
	return argv[0] ? strcmp(argv[0], "action") == 0 : cli->in_actions;
}

/* Messages quote file names and answers of other programs, which may contain secrets. */
static void log_without_secrets(struct buf *out, struct str text)
{
	redact_add(out, text);
}

int main(int argc, char **argv)
{
	struct cli cli = {.commands = &all_commands};
	const char *const *arguments;
	enum exit_status status;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sandbox_begin();
	env_read(&cli.env, environ);
	cli.in_actions = str_eq(env_get(&cli.env, "GITHUB_ACTIONS"), STR("true"));
	cli.out_terminal = isatty(STDOUT_FILENO);
	/* A terminal that cannot move its cursor gets plain lines. */
	cli.err_terminal = isatty(STDERR_FILENO) && !str_eq(env_get(&cli.env, "TERM"), STR("dumb"));
	cli.color = cli.err_terminal && !env_has(&cli.env, "NO_COLOR");
	log_setup(LOG_INFO, cli.in_actions ? LOG_FORMAT_WORKFLOW : LOG_FORMAT_TEXT);
	log_set_filter(log_without_secrets);
	arguments = (const char *const *)argv + MIN_OF(argc, 1);
	confine(&cli.env, &cli.arena, is_action(&cli, arguments));
#ifdef OUTCROP_PROBES
	if (env_has(&cli.env, "OUTCROP_PROBE"))
		sandbox_probe(env_get(&cli.env, "OUTCROP_PROBE").ptr,
			      env_get(&cli.env, "OUTCROP_PROBE_PATH").ptr, stderr);
#endif
	status = dispatch(&cli, arguments);
#ifdef OUTCROP_PROBES
	if (str_eq(env_get(&cli.env, "OUTCROP_PROBE"), STR("left")))
		sandbox_probe_left(stderr);
#endif
	arena_release(&cli.arena);
	env_release(&cli.env);
	log_reset();
	return (int)status;
}
