/* Completions for shells, written from the tables of commands and options. */
#include "cli/complete.h"

#include <string.h>

const char *const complete_shells[] = {"bash", "fish", "zsh", NULL};

static bool takes_file(const struct option *option)
{
	static const char *const words[] = {"DIR", "FILE", "PATH"};

	for (size_t i = 0; option->value && i < ARRAY_LEN(words); i++) {
		if (strcmp(option->value, words[i]) == 0)
			return true;
	}
	return false;
}

static void add_choices(struct buf *out, const char *const *choices)
{
	for (size_t i = 0; choices[i]; i++)
		buf_addf(out, "%s%s", i ? " " : "", choices[i]);
}

/* Text within single quotes; each character of `escaped` gets a backslash. */
static void add_quoted(struct buf *out, const char *text, const char *escaped)
{
	for (; *text; text++) {
		if (*text == '\'') {
			buf_add_text(out, "'\\''");
			continue;
		}
		if (strchr(escaped, *text))
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
}

/* ---- bash ---- */

static void bash_values(struct buf *out, const struct command *command)
{
	for (size_t i = 0; i < command->options_len; i++) {
		const struct option *option = &command->options[i];

		if (option->type == OPTION_FLAG)
			continue;
		buf_addf(out, "\t'%s --%s') ", command->name, option->name);
		if (option->choices) {
			buf_add_text(out, "_outcrop_words '");
			add_choices(out, option->choices);
			buf_add_text(out, "'; ");
		}
		buf_add_text(out, "return ;;\n");
	}
}

static void bash_options(struct buf *out, const struct command *command)
{
	buf_addf(out, "\t'%s -'*) _outcrop_words '", command->name);
	for (size_t i = 0; i < command->options_len; i++)
		buf_addf(out, "--%s ", command->options[i].name);
	buf_add_text(out, "--help' ;;\n");
	if (!command->argument_choices)
		return;
	buf_addf(out, "\t'%s '*) _outcrop_words '", command->name);
	add_choices(out, command->argument_choices);
	buf_add_text(out, "' ;;\n");
}

/* Words that no rule completes are left to bash, which completes names of files. */
static void add_bash(struct buf *out, const struct command_list *commands)
{
	buf_add_text(
		out,
		"# bash completion for outcrop; written by 'outcrop completion bash'.\n"
		"_outcrop_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$current\"); }\n"
		"_outcrop()\n{\n"
		"\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
		"\tCOMPREPLY=()\n"
		"\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
		"\t\t_outcrop_words '");
	for (size_t i = 0; i < commands->len; i++)
		buf_addf(out, "%s ", commands->items[i]->name);
	buf_add_text(out, "--help --version'\n\t\treturn\n\tfi\n"
			  "\t# bash takes \"--name=value\" for three words.\n"
			  "\tif [ \"$current\" = = ]; then\n"
			  "\t\tcurrent=\n"
			  "\telif [ \"$previous\" = = ]; then\n"
			  "\t\tprevious=${COMP_WORDS[COMP_CWORD - 2]}\n"
			  "\tfi\n"
			  "\tcase \"${COMP_WORDS[1]} $previous\" in\n");
	for (size_t i = 0; i < commands->len; i++)
		bash_values(out, commands->items[i]);
	buf_add_text(out, "\tesac\n\tcase \"${COMP_WORDS[1]} $current\" in\n");
	for (size_t i = 0; i < commands->len; i++)
		bash_options(out, commands->items[i]);
	buf_add_text(out, "\tesac\n}\ncomplete -o bashdefault -o default -F _outcrop outcrop\n");
}

/* ---- zsh ---- */

static void zsh_option(struct buf *out, const struct option *option)
{
	buf_addf(out, "\t\t\t'--%s%s[", option->name, option->type == OPTION_FLAG ? "" : "=");
	add_quoted(out, option->help, "[]:\\");
	buf_add_char(out, ']');
	if (option->type != OPTION_FLAG)
		buf_addf(out, ":%s:", option->value);
	if (option->choices) {
		buf_add_char(out, '(');
		add_choices(out, option->choices);
		buf_add_char(out, ')');
	} else if (takes_file(option)) {
		buf_add_text(out, "_files");
	}
	buf_add_text(out, "' \\\n");
}

static void zsh_command(struct buf *out, const struct command *command)
{
	buf_addf(out, "\t\t%s)\n\t\t\t_arguments \\\n", command->name);
	for (size_t i = 0; i < command->options_len; i++)
		zsh_option(out, &command->options[i]);
	buf_add_text(out, "\t\t\t'--help[Show this help.]'");
	if (command->argument_choices) {
		buf_addf(out, " \\\n\t\t\t'1:%s:(", command->arguments);
		add_choices(out, command->argument_choices);
		buf_add_text(out, ")'");
	} else if (*command->arguments) {
		buf_add_text(out, " \\\n\t\t\t'*:path:_files'");
	}
	buf_add_text(out, "\n\t\t\t;;\n");
}

static void add_zsh(struct buf *out, const struct command_list *commands)
{
	buf_add_text(out, "#compdef outcrop\n"
			  "# zsh completion for outcrop; written by 'outcrop completion zsh'.\n"
			  "_outcrop() {\n\tlocal state line\n\tlocal -a names\n\tnames=(\n");
	for (size_t i = 0; i < commands->len; i++) {
		buf_addf(out, "\t\t'%s:", commands->items[i]->name);
		add_quoted(out, commands->items[i]->summary, ":\\");
		buf_add_text(out, "'\n");
	}
	buf_add_text(out, "\t)\n\t_arguments -C '1:command:->command' '*::argument:->argument'\n"
			  "\tcase $state in\n"
			  "\tcommand) _describe command names ;;\n"
			  "\targument)\n\t\tcase $words[1] in\n");
	for (size_t i = 0; i < commands->len; i++)
		zsh_command(out, commands->items[i]);
	buf_add_text(out,
		     "\t\tesac\n\t\t;;\n\tesac\n}\n"
		     "# Loaded from a folder of fpath, or by 'source <(outcrop completion zsh)'.\n"
		     "if [ \"$funcstack[1]\" = _outcrop ]; then\n\t_outcrop \"$@\"\nelse\n"
		     "\tcompdef _outcrop outcrop\nfi\n");
}

/* ---- fish ---- */

static void fish_line(struct buf *out, const struct command *command, const char *words)
{
	buf_addf(out, "complete -c outcrop -n '__fish_seen_subcommand_from %s' %s", command->name,
		 words);
}

static void fish_option(struct buf *out, const struct command *command, const struct option *option)
{
	fish_line(out, command, "-l ");
	buf_add_text(out, option->name);
	if (option->type != OPTION_FLAG)
		buf_add_text(out, takes_file(option) ? " -r -F" : " -x");
	if (option->choices) {
		buf_add_text(out, " -a '");
		add_choices(out, option->choices);
		buf_add_char(out, '\'');
	}
	buf_add_text(out, " -d '");
	add_quoted(out, option->help, "");
	buf_add_text(out, "'\n");
}

static void add_fish(struct buf *out, const struct command_list *commands)
{
	buf_add_text(out, "# fish completion for outcrop; written by 'outcrop completion fish'.\n");
	for (size_t i = 0; i < commands->len; i++) {
		buf_addf(out, "complete -c outcrop -n __fish_use_subcommand -f -a %s -d '",
			 commands->items[i]->name);
		add_quoted(out, commands->items[i]->summary, "");
		buf_add_text(out, "'\n");
	}
	for (size_t i = 0; i < commands->len; i++) {
		const struct command *command = commands->items[i];

		for (size_t j = 0; j < command->options_len; j++)
			fish_option(out, command, &command->options[j]);
		fish_line(out, command, "-l help -d 'Show this help.'\n");
		if (command->argument_choices) {
			fish_line(out, command, "-f -a '");
			add_choices(out, command->argument_choices);
			buf_add_text(out, "'\n");
		}
	}
}

void complete_write(struct buf *out, struct str shell, const struct command_list *commands)
{
	if (str_eq(shell, STR("bash")))
		add_bash(out, commands);
	else if (str_eq(shell, STR("fish")))
		add_fish(out, commands);
	else
		add_zsh(out, commands);
}
