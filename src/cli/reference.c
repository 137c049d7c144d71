/* The manual page and the reference pages, written from the tables of commands and keys. */
#include "cli/reference.h"

#include "agent/config.h"
#include "agent/definition.h"
#include "cli/commands.h"
#include "job/version.h"

/* The help of an option, with its choices. */
static void add_option_help(struct buf *out, const struct option *option)
{
	buf_add_text(out, option->help);
	if (!option->choices)
		return;
	buf_add_text(out, " One of ");
	for (size_t i = 0; option->choices[i]; i++)
		buf_addf(out, "%s%s", i ? ", " : "", option->choices[i]);
	buf_add_char(out, '.');
}

static void add_usage(struct buf *out, const struct command *command)
{
	buf_addf(out, "outcrop %s%s%s%s", command->name, command->options_len ? " [OPTION...]" : "",
		 *command->arguments ? " " : "", command->arguments);
}

/* ---- The manual page ---- */

/* Text in which nothing is a request or an escape of roff. */
static void roff(struct buf *out, struct str text)
{
	bool line_start = !out->len || out->ptr[out->len - 1] == '\n';

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (line_start && (c == '.' || c == '\''))
			buf_add_text(out, "\\&");
		if (c == '\\')
			buf_add_text(out, "\\e");
		else if (c == '-')
			buf_add_text(out, "\\-");
		else
			buf_add_char(out, c);
		line_start = c == '\n';
	}
}

static void roff_option(struct buf *out, const struct option *option)
{
	SCOPED(buf) struct buf help = BUF_INIT;

	buf_add_text(out, ".TP\n\\fB\\-\\-");
	roff(out, str_from(option->name));
	buf_add_text(out, "\\fR");
	if (option->value)
		buf_addf(out, " \\fI%s\\fR", option->value);
	buf_add_char(out, '\n');
	add_option_help(&help, option);
	roff(out, buf_str(&help));
	buf_add_char(out, '\n');
}

static void roff_command(struct buf *out, const struct command *command)
{
	SCOPED(buf) struct buf usage = BUF_INIT;

	add_usage(&usage, command);
	buf_add_text(out, ".SS \"");
	roff(out, buf_str(&usage));
	buf_add_text(out, "\"\n");
	roff(out, str_from(command->summary));
	if (command->details) {
		buf_add_text(out, "\n.PP\n");
		roff(out, str_from(command->details));
	}
	buf_add_char(out, '\n');
	for (size_t i = 0; i < command->options_len; i++)
		roff_option(out, &command->options[i]);
	if (command->examples) {
		buf_add_text(out, ".PP\nExamples:\n.PP\n.EX\n");
		roff(out, str_from(command->examples));
		buf_add_text(out, "\n.EE\n");
	}
}

void reference_manual(struct buf *out, const char *date)
{
	buf_addf(out, ".TH OUTCROP 1 \"%s\" \"outcrop %s\"\n", date, OUTCROP_VERSION);
	buf_add_text(
		out,
		".SH NAME\noutcrop \\- review agents, on Amazon Bedrock, for pull requests\n"
		".SH SYNOPSIS\n\\fBoutcrop\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIARGUMENT\\fR...]\n"
		".SH DESCRIPTION\n"
		"Agents, which are YAML files with a prompt, review a change on Amazon Bedrock. Their\n"
		"findings are checked against the diff and merged. In a workflow they are posted on the\n"
		"pull request; on a terminal they are printed. Results go to standard output, progress and\n"
		"messages to standard error. Each command also takes \\fB\\-\\-help\\fR.\n"
		".SH COMMANDS\n");
	for (size_t i = 0; i < all_commands.len; i++)
		roff_command(out, all_commands.items[i]);
	buf_add_text(out, ".SH EXIT STATUS\n");
	for (size_t i = 0; i < exit_meanings_len; i++) {
		buf_addf(out, ".TP\n%zu\n", i);
		roff(out, str_from(exit_meanings[i]));
		buf_add_char(out, '\n');
	}
	buf_add_text(
		out,
		".SH ENVIRONMENT\n"
		"The variables of the AWS SDKs for credentials, regions, endpoints and retries; \\fBGITHUB_TOKEN\\fR\n"
		"or \\fBGH_TOKEN\\fR for pull requests; \\fBHTTPS_PROXY\\fR, \\fBNO_PROXY\\fR, \\fBSSL_CERT_FILE\\fR;\n"
		"\\fBNO_COLOR\\fR.\n"
		".SH FILES\n"
		".TP\n\\fI.github/outcrop.yml\\fR\nThe configuration of a repository.\n"
		".TP\n\\fI.github/outcrop/agents/\\fR\nIts agents, one a file.\n");
}

/* ---- Pages of the documentation ---- */

/* A cell of a table: '|' would end it. */
static void cell(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '|')
			buf_add_char(out, '\\');
		buf_add_char(out, text.ptr[i]);
	}
}

static void page_command(struct buf *out, const struct command *command)
{
	buf_addf(out, "\n## outcrop %s\n\n%s\n\n```\n", command->name, command->summary);
	add_usage(out, command);
	buf_add_text(out, "\n```\n");
	if (command->details)
		buf_addf(out, "\n%s\n", command->details);
	if (command->options_len)
		buf_add_text(out, "\n| option | meaning |\n|---|---|\n");
	for (size_t i = 0; i < command->options_len; i++) {
		const struct option *option = &command->options[i];
		SCOPED(buf) struct buf help = BUF_INIT;

		add_option_help(&help, option);
		buf_addf(out, "| `--%s%s%s` | ", option->name, option->value ? " " : "",
			 option->value ? option->value : "");
		cell(out, buf_str(&help));
		buf_add_text(out, " |\n");
	}
	if (command->examples)
		buf_addf(out, "\nExamples:\n\n```\n%s\n```\n", command->examples);
}

void reference_commands(struct buf *out)
{
	buf_add_text(
		out,
		"<!-- Written by script/reference from the tables of the program; do not edit. -->\n"
		"# Command line\n\n"
		"Options are written `--name VALUE` or `--name=VALUE`; `--` ends them. Each command takes `--help`.\n"
		"Results go to standard output, progress and messages to standard error.\n");
	for (size_t i = 0; i < all_commands.len; i++)
		page_command(out, all_commands.items[i]);
	buf_add_text(out, "\n## Exit status\n\n| status | meaning |\n|---|---|\n");
	for (size_t i = 0; i < exit_meanings_len; i++)
		buf_addf(out, "| %zu | %s |\n", i, exit_meanings[i]);
	buf_add_text(
		out,
		"\nWhen several of 1, 4, 5 and 6 apply, the highest is returned and all are logged.\n");
}

void reference_keys(struct buf *out)
{
	buf_add_text(
		out,
		"<!-- Written by script/reference from the tables of the program; do not edit. -->\n"
		"# Keys of the configuration and of agents\n\n"
		"`NAME` is a name that you choose. Unknown keys are errors. The same tables give the JSON Schemas\n"
		"[config-schema.json](../agents/config-schema.json) and [schema.json](../agents/schema.json), which\n"
		"editors use to complete and check the files.\n\n"
		"## .github/outcrop.yml\n\n"
		"Explained in [configuration](configuration.md).\n\n");
	fields_document(out, &config_fields);
	buf_add_text(
		out,
		"\n## .github/outcrop/agents/NAME.yml\n\nExplained in [agents](agents.md).\n\n");
	fields_document(out, &agent_fields);
}
