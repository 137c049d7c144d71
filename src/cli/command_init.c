/* outcrop init: writes the workflow and a commented configuration into a repository. */
#include <string.h>
#include <sys/stat.h>

#include "agent/builtin.h"
#include "agent/config.h"
#include "base/ascii.h"
#include "base/file.h"
#include "base/log.h"
#include "cli/command_tables.h"
#include "cli/init_files.h"
#include "command/print.h"
#include "job/version.h"

#define WORKFLOW_PATH ".github/workflows/outcrop.yml"
#define ROLE_EXAMPLE "arn:aws:iam::123456789012:role/outcrop"
#define REGION_EXAMPLE "us-east-1"
#define OWNER_EXAMPLE "OWNER/outcrop"

struct init_command {
	struct str role, region;
};

/* Keep alphabetized. */
#define AT(member) offsetof(struct init_command, member)
static const struct option options_table[] = {
	{"region", OPTION_TEXT, AT(region), "REGION",
	 "AWS region of the models. Default: " REGION_EXAMPLE "."},
	{"role-to-assume", OPTION_TEXT, AT(role), "ARN",
	 "ARN of the role. Default: an example to replace."},
};
#undef AT

/* What is written where; `other` is a second name under which the file may exist. */
static const struct init_file {
	const char *path, *other;
	const char *source;
} targets[] = {
	{WORKFLOW_PATH, ".github/workflows/outcrop.yaml", "workflow.yml"},
	{CONFIG_PATH_DEFAULT, CONFIG_PATH_OTHER, "outcrop.yml"},
};

struct replacement {
	struct str from, to;
};

static void add_replaced(struct buf *out, struct str text, const struct replacement *pairs,
			 size_t len)
{
	while (text.len) {
		size_t i = 0;

		while (i < len && !(pairs[i].to.len && str_starts(text, pairs[i].from)))
			i++;
		buf_add(out, i < len ? pairs[i].to : str_slice(text, 0, 1));
		text = str_skip(text, i < len ? pairs[i].from.len : 1);
	}
}

static bool is_made_of(struct str text, const char *others)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!(ascii_is_alnum(c) || strchr(others, c)))
			return false;
	}
	return true;
}

static bool check_values(const struct init_command *given, struct error *err)
{
	if (given->role.len &&
	    (!str_starts(given->role, STR("arn:")) || !is_made_of(given->role, ":/+=,.@_-")))
		return error_set(
			err, ERROR_USAGE,
			"--role-to-assume \"%.*s\": not the ARN of a role: it looks like " ROLE_EXAMPLE,
			STR_ARG(given->role));
	if (given->region.len && !is_made_of(given->region, "-"))
		return error_set(
			err, ERROR_USAGE,
			"--region \"%.*s\": not an AWS region: it looks like " REGION_EXAMPLE,
			STR_ARG(given->region));
	return true;
}

static bool exists(struct arena *arena, const char *root, const char *path)
{
	struct stat info;

	return lstat(arena_printf(arena, "%s/%s", root, path).ptr, &info) == 0;
}

/* The nearest folder, from `start` up, that holds a repository; `start` itself when none does. */
static const char *find_root(struct arena *arena, const char *start)
{
	enum { FOLDERS_MAX = 64 };
	struct stat first, info;
	const char *folder = start;

	if (stat("/", &first) != 0)
		return start;
	for (int i = 0; i < FOLDERS_MAX && stat(folder, &info) == 0; i++) {
		if (exists(arena, folder, ".git"))
			return folder;
		if (info.st_ino == first.st_ino && info.st_dev == first.st_dev)
			break;
		folder = arena_printf(arena, "%s/..", folder).ptr;
	}
	log_warning("init", "\"%s\" is not in a Git repository", start);
	return start;
}

static bool write_target(struct cli *cli, const struct init_command *given, const char *root,
			 const struct init_file *target, struct error *err)
{
	const struct replacement pairs[] = {
		{STR(OWNER_EXAMPLE), str_from(OUTCROP_REPOSITORY)},
		{STR(ROLE_EXAMPLE), given->role},
		{STR(REGION_EXAMPLE), given->region},
	};
	const char *found = exists(&cli->arena, root, target->path)    ? target->path
			    : exists(&cli->arena, root, target->other) ? target->other
								       : NULL;
	SCOPED(buf) struct buf text = BUF_INIT;

	if (found) {
		log_info("init", "kept: %s exists", found);
		if (strcmp(target->path, WORKFLOW_PATH) == 0 &&
		    (given->role.len || given->region.len))
			log_warning(
				"init",
				"--role-to-assume and --region are not written into a file that exists: set them in %s",
				found);
		return true;
	}
	for (size_t i = 0; i < init_files_len; i++) {
		if (str_eq(init_files[i].name, str_from(target->source)))
			add_replaced(&text, init_files[i].text, pairs, ARRAY_LEN(pairs));
	}
	if (!file_write_below(root, target->path, buf_str(&text), err))
		return false;
	log_info("init", "wrote: %s", target->path);
	return true;
}

static void add_steps(struct buf *out, const struct init_command *given)
{
	const char *repository = *OUTCROP_REPOSITORY ? OUTCROP_REPOSITORY : OWNER_EXAMPLE;
	int step = 1;

	buf_add_text(out, "Next steps:\n");
	if (!*OUTCROP_REPOSITORY)
		buf_addf(
			out,
			"%d. Replace OWNER in both files by the owner of the outcrop repository.\n",
			step++);
	if (!given->role.len) {
		buf_addf(out,
			 "%d. Create the role in AWS: https://github.com/%s/blob/v1/docs/aws.md\n"
			 "   It has a CloudFormation and a Terraform template.\n",
			 step++, repository);
		buf_addf(out, "%d. Put its ARN into %s as role-to-assume.\n", step++,
			 WORKFLOW_PATH);
	}
	if (!given->region.len)
		buf_addf(out, "%d. Check aws-region in the same file; it is %s now.\n", step++,
			 REGION_EXAMPLE);
	buf_addf(out,
		 "%d. Commit both files on a branch, and open a pull request. It is reviewed.\n"
		 "   Commands in comments work when the files are on the default branch.\n",
		 step++);
	buf_addf(
		out,
		"%d. If the run fails, add \"command: doctor\" below \"with:\". It prints what is\n"
		"   missing.\n",
		step);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct init_command *given = options;
	const char *start = arguments->len ? arena_text(&cli->arena, arguments->items[0]) : ".";
	SCOPED(buf) struct buf steps = BUF_INIT;
	struct error err;
	const char *root;

	if (!check_values(given, &err))
		return cli_fail(&err);
	root = find_root(&cli->arena, start);
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		if (!write_target(cli, given, root, &targets[i], &err))
			return cli_fail(&err);
	}
	add_steps(&steps, given);
	return print_text(cli, PRINT_PAGE, buf_str(&steps), &err) ? EXIT_DONE : cli_fail(&err);
}

const struct command command_init = {
	.name = "init",
	.summary = "Write the workflow and a commented configuration into this repository.",
	.arguments = "[DIR]",
	.details =
		"Writes " WORKFLOW_PATH " and " CONFIG_PATH_DEFAULT
		" at the root of the repository\n"
		"that contains DIR (default: the current folder), and prints what to do next. Existing\n"
		"files are kept: options are not written into them.",
	.examples = "outcrop init\n"
		    "outcrop init --role-to-assume arn:aws:iam::123456789012:role/review \\\n"
		    "  --region eu-west-1",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct init_command),
	.arguments_max = 1,
	.run = run,
};
