/* What every command uses to end: errors said once, results written. */
#include "cli/cli.h"

#include "base/log.h"

/* An error has one line, and may have more with what belongs to it. */
static void log_lines(struct str message)
{
	struct str line;

	if (str_next_line(&message, &line, NULL))
		log_error("cli", "%.*s", STR_ARG(line));
	while (str_next_line(&message, &line, NULL))
		log_info("cli", "%.*s", STR_ARG(line));
}

enum exit_status cli_fail(const struct error *err)
{
	log_lines(str_from(err->message));
	return status_of_error(err);
}

static bool write_all(FILE *file, struct str text, const char *what, struct error *err)
{
	if (fwrite(text.ptr ? text.ptr : "", 1, text.len, file) != text.len || fflush(file) != 0)
		return error_errno(err, "cannot write %s", what);
	return true;
}

bool cli_output(struct str path, struct str text, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	FILE *file;
	bool written;

	if (!path.len || str_eq(path, STR("-")))
		return write_all(stdout, text, "to stdout", err);
	file = fopen(arena_text(&arena, path), "we");
	if (!file)
		return error_errno(err, "cannot write '%.*s'", STR_ARG(path));
	written = write_all(file, text, "the output file", err);
	if (fclose(file) != 0 && written)
		return error_errno(err, "cannot write '%.*s'", STR_ARG(path));
	return written;
}

enum exit_status cli_start(struct cli *cli, int connections, bool allow_http, runtime_fn *fn,
			   void *arg)
{
	struct runtime_options options = {
		.env = &cli->env,
		.arena = &cli->arena,
		.connections = connections,
		.allow_http = allow_http,
	};
	enum exit_status status;
	struct error err;

	return runtime_run(&options, fn, arg, &status, &err) ? status : cli_fail(&err);
}
