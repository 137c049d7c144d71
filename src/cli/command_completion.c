/* outcrop completion: a script that lets a shell complete commands and options. */
#include "cli/command_tables.h"
#include "cli/complete.h"
#include "command/print.h"

static bool is_shell(struct str name)
{
	for (size_t i = 0; complete_shells[i]; i++) {
		if (str_eq(name, str_from(complete_shells[i])))
			return true;
	}
	return false;
}

static enum exit_status run(struct cli *cli, const void *options UNUSED,
			    const struct arguments *arguments)
{
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err = {0};

	if (arguments->len != 1 || !is_shell(arguments->items[0])) {
		error_set(&err, ERROR_USAGE, "completion: give a shell: bash, fish or zsh");
		return cli_fail(&err);
	}
	complete_write(&out, arguments->items[0], cli->commands);
	return print_text(cli, PRINT_PAGE, buf_str(&out), &err) ? EXIT_DONE : cli_fail(&err);
}

const struct command command_completion = {
	.name = "completion",
	.summary = "Print a script that completes commands and options in a shell.",
	.arguments = "SHELL",
	.argument_choices = complete_shells,
	.details =
		"SHELL is bash, fish or zsh. The packages install the scripts where the shells find them.\n"
		"Without a package, load the script in your shell's startup file, as shown below.",
	.examples = "# in ~/.bashrc\n"
		    "source <(outcrop completion bash)\n"
		    "# in ~/.zshrc, after compinit\n"
		    "source <(outcrop completion zsh)\n"
		    "# fish, once\n"
		    "outcrop completion fish > ~/.config/fish/completions/outcrop.fish",
	.arguments_max = 1,
	.run = run,
};
