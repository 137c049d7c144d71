/* Command lines by tables: one table parses, checks and prints the help. */
#ifndef COMMAND_OPTIONS_H
#define COMMAND_OPTIONS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"
#include "base/error.h"
#include "base/str.h"

enum option_type {
	OPTION_FLAG,   /* bool: given or not; takes no value */
	OPTION_TEXT,   /* struct str */
	OPTION_INT,    /* int64_t, at least `min` and at most `max` */
	OPTION_NUMBER, /* double, at least `min` */
	OPTION_CHOICE, /* struct str, one of `choices` */
};

struct option {
	const char *name; /* without the dashes */
	enum option_type type;
	size_t offset;
	const char *value;          /* how the help names its value: "FILE" */
	const char *help;           /* one sentence */
	const char *const *choices; /* OPTION_CHOICE: ended by NULL */
	int64_t min, max;
};

/* The arguments that are not options; borrowed from argv. */
struct arguments {
	struct str *items;
	size_t len;
};

/* One command line, and the table to read it by. */
struct parse_request {
	const char *command;
	const struct option *options;
	size_t options_len;
	size_t arguments_max;
	const char *const *argv; /* behind the command's name, ended by NULL */
};

/*
 * GNU conventions: --name VALUE, --name=VALUE, unique prefixes are not accepted, "--" ends the options,
 * options and arguments mix.  `out` holds the defaults and is filled.  With --help, *help is true and nothing
 * else is read.  ERROR_USAGE names the option, what is wrong, and for an unknown option the most similar one.
 */
bool options_parse(const struct parse_request *request, struct arena *arena, void *out,
		   struct arguments *arguments, bool *help, struct error *err) MUST_USE;

/* Appends "  --name VALUE   help" for each option, aligned and folded at 80 columns. */
void options_help(struct buf *out, const struct option *options, size_t len);

/* Appends `text` folded at 80 columns, each further line after `indent` blanks; its line breaks count as blanks. */
void help_fold(struct buf *out, const char *text, size_t indent, size_t column);

#endif
