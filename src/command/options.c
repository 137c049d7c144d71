/* Command lines by tables. */
#include "command/options.h"

#include <string.h>

enum { HELP_COLUMN = 26, HELP_WIDTH = 80, ARGUMENTS_MAX = 10000 };

static const struct option *find_option(const struct parse_request *request, struct str name)
{
	for (size_t i = 0; i < request->options_len; i++) {
		if (str_eq(name, str_from(request->options[i].name)))
			return &request->options[i];
	}
	return NULL;
}

static bool unknown_option(const struct parse_request *request, struct arena *arena,
			   struct str name, struct error *err)
{
	struct str *names = ARENA_ARRAY(arena, struct str, request->options_len + 1);
	struct str nearest;

	for (size_t i = 0; i < request->options_len; i++)
		names[i] = str_from(request->options[i].name);
	names[request->options_len] = STR("help");
	nearest = str_nearest(name, names, request->options_len + 1);
	error_set(err, ERROR_USAGE, "unknown option \"--%.*s\" of \"outcrop %s\"", STR_ARG(name),
		  request->command);
	if (nearest.len)
		return error_append(err, "; did you mean \"--%.*s\"?", STR_ARG(nearest));
	return error_append(err, "; see \"outcrop %s --help\"", request->command);
}

/* Returns the choice in the table's spelling, compared without case; empty when it is unknown. */
static struct str find_choice(const struct option *option, struct str value)
{
	for (const char *const *choice = option->choices; *choice; choice++) {
		if (str_eq_nocase(value, str_from(*choice)))
			return str_from(*choice);
	}
	return STR_EMPTY;
}

static void list_choices(struct buf *out, const struct option *option)
{
	for (const char *const *choice = option->choices; *choice; choice++)
		buf_addf(out, "%s%s", choice == option->choices ? "" : ", ", *choice);
}

static bool set_int(const struct option *option, struct str value, int64_t *out, struct error *err)
{
	int64_t number;

	if (!str_to_int64(value, &number) || number < option->min ||
	    (option->max && number > option->max)) {
		error_set(err, ERROR_USAGE,
			  "--%s \"%.*s\": must be a whole number of at least %lld", option->name,
			  STR_ARG(value), (long long)option->min);
		if (option->max)
			error_append(err, " and at most %lld", (long long)option->max);
		return false;
	}
	*out = number;
	return true;
}

static bool set_value(const struct option *option, struct str value, void *out, struct error *err)
{
	void *field = (char *)out + option->offset;
	double number;

	switch (option->type) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return true;
	case OPTION_TEXT:
		*(struct str *)field = value;
		return true;
	case OPTION_INT:
		return set_int(option, value, field, err);
	case OPTION_NUMBER:
		if (!str_to_double(value, &number) || number < (double)option->min)
			return error_set(err, ERROR_USAGE,
					 "--%s \"%.*s\": must be a number of at least %lld",
					 option->name, STR_ARG(value), (long long)option->min);
		*(double *)field = number;
		return true;
	case OPTION_CHOICE:
		*(struct str *)field = find_choice(option, value);
		if (!((struct str *)field)->len) {
			SCOPED(buf) struct buf known = BUF_INIT;

			list_choices(&known, option);
			return error_set(err, ERROR_USAGE, "--%s \"%.*s\": must be one of %s",
					 option->name, STR_ARG(value), known.ptr);
		}
		return true;
	}
	return true;
}

/* Reads the option at **argv, and moves *argv to its value if that is a separate word. */
static bool parse_option(const struct parse_request *request, struct arena *arena,
			 const char *const **argv, void *out, struct error *err)
{
	struct str name = str_skip(str_from(**argv), 2);
	struct str value = STR_EMPTY;
	bool joined = str_cut(name, STR("="), &name, &value);
	const struct option *option = find_option(request, name);

	if (!option)
		return unknown_option(request, arena, name, err);
	if (option->type == OPTION_FLAG && joined)
		return error_set(err, ERROR_USAGE, "--%s takes no value", option->name);
	if (option->type != OPTION_FLAG && !joined) {
		if (!(*argv)[1])
			return error_set(err, ERROR_USAGE, "--%s: %s is missing", option->name,
					 option->value);
		value = str_from(*++*argv);
	}
	return set_value(option, value, out, err);
}

static bool take_argument(const struct parse_request *request, const char *word,
			  struct arguments *arguments, struct error *err)
{
	if (arguments->len >= request->arguments_max)
		return error_set(
			err, ERROR_USAGE,
			"\"outcrop %s\" does not take the argument \"%s\"; see \"outcrop %s --help\"",
			request->command, word, request->command);
	arguments->items[arguments->len++] = str_from(word);
	return true;
}

static bool wants_help(const char *const *argv)
{
	for (; *argv && strcmp(*argv, "--") != 0; argv++) {
		if (strcmp(*argv, "--help") == 0 || strcmp(*argv, "-h") == 0)
			return true;
	}
	return false;
}

bool options_parse(const struct parse_request *request, struct arena *arena, void *out,
		   struct arguments *arguments, bool *help, struct error *err)
{
	size_t count = 0;
	bool only_arguments = false;

	*help = wants_help(request->argv);
	if (*help)
		return true;
	while (request->argv[count])
		count++;
	if (count > ARGUMENTS_MAX)
		return error_set(err, ERROR_USAGE, "more than %d arguments", ARGUMENTS_MAX);
	*arguments = (struct arguments){.items = ARENA_ARRAY(arena, struct str, count)};
	for (const char *const *argv = request->argv; *argv; argv++) {
		struct str word = str_from(*argv);

		if (!only_arguments && str_eq(word, STR("--"))) {
			only_arguments = true;
		} else if (!only_arguments && str_starts(word, STR("--"))) {
			if (!parse_option(request, arena, &argv, out, err))
				return false;
		} else if (!only_arguments && word.len > 1 && word.ptr[0] == '-') {
			return error_set(err, ERROR_USAGE,
					 "unknown option \"%s\"; see \"outcrop %s --help\"", *argv,
					 request->command);
		} else if (!take_argument(request, *argv, arguments, err)) {
			return false;
		}
	}
	return true;
}

void help_fold(struct buf *out, const char *text, size_t indent, size_t column)
{
	size_t len;

	for (; *text; text += len) {
		struct str word;

		text += strspn(text, " \n");
		len = strcspn(text, " \n");
		word = str_of(text, len);
		if (!len)
			break;
		if (column > indent && column + 1 + word.len > HELP_WIDTH) {
			buf_add_char(out, '\n');
			buf_add_many(out, ' ', indent);
			column = indent;
		} else if (column > indent) {
			buf_add_char(out, ' ');
			column++;
		}
		buf_add(out, word);
		column += word.len;
	}
	buf_add_char(out, '\n');
}

static void help_row(struct buf *out, const char *name, const char *value, const char *help)
{
	size_t start = out->len;
	size_t width;

	buf_addf(out, "  --%s%s%s", name, value ? " " : "", value ? value : "");
	width = out->len - start;
	if (width + 2 > HELP_COLUMN) {
		buf_add_char(out, '\n');
		width = 0;
	}
	buf_add_many(out, ' ', HELP_COLUMN - width);
	help_fold(out, help, HELP_COLUMN, HELP_COLUMN);
}

void options_help(struct buf *out, const struct option *options, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		SCOPED(buf) struct buf help = BUF_INIT;

		buf_add_text(&help, options[i].help);
		if (options[i].choices) {
			buf_add_text(&help, " One of ");
			list_choices(&help, &options[i]);
			buf_add_char(&help, '.');
		}
		help_row(out, options[i].name, options[i].value, help.ptr);
	}
	help_row(out, "help", NULL, "Show this help.");
}
