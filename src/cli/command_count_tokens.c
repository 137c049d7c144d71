/* outcrop count-tokens: how many input tokens a prompt has for a model. */
#include "base/log.h"
#include "cli/command_tables.h"
#include "cli/local.h"
#include "command/print.h"

struct count_command {
	struct local_options local;
	struct str system;
};

/* Keep alphabetized. */
static const struct option options_table[] = {
	LOCAL_ALLOW_HTTP(struct count_command),
	LOCAL_CONFIG_FILE(struct count_command),
	LOCAL_DEBUG(struct count_command),
	{"model", OPTION_TEXT, offsetof(struct count_command, local.model), "MODEL",
	 "Alias, model ID, profile ID or ARN. Default: the configuration's, else sonnet."},
	LOCAL_PROFILE(struct count_command),
	LOCAL_REGION(struct count_command),
	{"system", OPTION_TEXT, offsetof(struct count_command, system), "TEXT",
	 "System text, counted with the prompt."},
};

/* One run of the command. */
struct local_count {
	struct cli *cli;
	const struct count_command *given;
	struct runtime *runtime;
	int64_t tokens;
	bool estimated;
};

static bool count_stage(void *ctx, struct error *err)
{
	struct local_count *local = ctx;
	SCOPED(ask) struct ask ask = {0};
	struct ask_request wish = local_ask(&local->given->local, MODEL_DEFAULT);
	struct str prompt;
	struct chat chat;

	if (!local_read(&ask.arena, STR_EMPTY, "the prompt on stdin", &prompt, err))
		return false;
	if (!str_trim(prompt).len)
		return error_set(err, ERROR_USAGE, "the prompt on stdin is empty");
	if (!ask_open(&ask, local->runtime, &wish, err))
		return false;
	chat = ask_chat(&ask);
	chat.system = local->given->system;
	message_add_text(&ask.arena, chat_add(&chat, ROLE_USER), prompt);
	return model_count(ask.model, &chat, &local->tokens, &local->estimated, err);
}

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_count *local = arg;
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	local->runtime = runtime;
	if (!runtime_stage(runtime, count_stage, local, &err))
		return cli_fail(&err);
	if (local->estimated)
		log_notice("count-tokens", "the number is an estimate");
	buf_addf(&out, "%lld\n", (long long)local->tokens);
	return print_text(local->cli, PRINT_JSON, buf_str(&out), &err) ? EXIT_DONE : cli_fail(&err);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct count_command *given = options;
	struct local_count local = {.cli = cli, .given = given};

	(void)arguments;
	local_log(given->local.debug);
	return cli_start(cli, 0, given->local.allow_http, run_local, &local);
}

const struct command command_count_tokens = {
	.name = "count-tokens",
	.summary = "Count the input tokens of the prompt on standard input for a model.",
	.arguments = "",
	.details =
		"Bedrock counts the tokens. If it does not support that for the model, the number is marked\n"
		"as an estimate.",
	.examples = "outcrop count-tokens --model haiku < prompt.txt",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct count_command),
	.run = run,
};
