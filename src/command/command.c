/* What every command uses: errors logged once, and a runtime to work in. */
#include "command/command.h"

#include "base/log.h"
#include "job/settle.h"

const char *const exit_meanings[] = {
	"done; also: skipped for a stated reason",
	"done, and a finding is at or above the limit (`fail-on`)",
	"usage, configuration or agents are wrong; no call was made",
	"no usable AWS credentials",
	"a required agent did not finish; the other agents' results are posted",
	"something could not be posted; the log lists it",
	"stopped by a limit or a signal",
};
const size_t exit_meanings_len = ARRAY_LEN(exit_meanings);

/* A message has one line, or further lines with details. */
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

enum exit_status cli_start(struct cli *cli, int64_t concurrency, bool allow_http, runtime_fn *fn,
			   void *arg)
{
	struct runtime_options options = {
		.env = &cli->env,
		.arena = &cli->arena,
		.connections = (int)MAX_OF(concurrency, (int64_t)JOB_CONNECTIONS_MIN),
		.allow_http = allow_http,
	};
	enum exit_status status;
	struct error err;

	return runtime_run(&options, fn, arg, &status, &err) ? status : cli_fail(&err);
}
