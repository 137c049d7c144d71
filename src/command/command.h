/* A command, and what every command gets: the environment, an arena, a runtime. */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <stdio.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/error.h"
#include "command/options.h"
#include "job/runtime.h"

struct command;

/* All commands, sorted by name. */
struct command_list {
	const struct command *const *items;
	size_t len;
};

/* Made by main(), lives as long as the process. */
struct cli {
	const struct command_list *commands;
	struct env env;
	struct arena arena;
	bool in_actions;   /* GITHUB_ACTIONS=true: plain lines, workflow commands */
	bool err_terminal; /* stderr is a terminal: live progress */
	bool out_terminal; /* stdout is a terminal */
	bool color;        /* stderr is a terminal, and NO_COLOR is not set */
};

/* One command. `run` gets the decoded options and the remaining arguments. */
struct command {
	const char *name;
	const char *summary;   /* for the list of commands */
	const char *arguments; /* "[PATH...]", or "" when it takes none */
	const char *details;   /* paragraphs for `--help`; or NULL */
	const char *examples;  /* lines that a shell takes; or NULL */
	const char *const
		*argument_choices; /* the words that arguments are; ended by NULL; or NULL */
	const struct option *options;
	size_t options_len;
	size_t options_size; /* of the structure that the options fill */
	size_t arguments_max;
	enum exit_status (*run)(struct cli *cli, const void *options,
				const struct arguments *arguments);
};

/* What each exit status means; the index is the status. */
extern const char *const exit_meanings[];
extern const size_t exit_meanings_len;

/* Logs the error and returns the exit status of its kind.  Call it once for each error. */
enum exit_status cli_fail(const struct error *err);

/* Runs `fn` in a runtime; `concurrency` is how many model calls may be in flight, 0 or less: not given. */
enum exit_status cli_start(struct cli *cli, int64_t concurrency, bool allow_http, runtime_fn *fn,
			   void *arg);

#endif
