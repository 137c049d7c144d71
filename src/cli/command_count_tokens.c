/* outcrop count-tokens: how many input tokens a prompt has for a model. */
#include "base/log.h"
#include "cli/ask.h"
#include "cli/commands.h"

struct count_options {
	struct ask_options common;
	struct str system;
};

/* Keep alphabetized. */
static const struct option options_table[] = {
	ASK_OPTION_ALLOW_HTTP(struct count_options),
	ASK_OPTION_CONFIG(struct count_options),
	ASK_OPTION_DEBUG(struct count_options),
	{"model", OPTION_TEXT, offsetof(struct count_options, common.model), "MODEL",
	 "Alias, model ID, profile ID or ARN. Default: the configuration's, else sonnet."},
	ASK_OPTION_PROFILE(struct count_options),
	ASK_OPTION_REGION(struct count_options),
	{"system", OPTION_TEXT, offsetof(struct count_options, system), "TEXT",
	 "System text, counted with the prompt."},
};

struct counting {
	struct runtime *run;
	const struct count_options *given;
	int64_t tokens;
	bool estimated;
};

static bool count(struct counting *counting, struct error *err)
{
	SCOPED(ask) struct ask ask = {0};
	struct ask_wish wish = {.options = &counting->given->common, .model = STR(MODEL_DEFAULT)};
	struct str prompt;
	struct chat chat;

	if (!ask_read(&ask.arena, STR_EMPTY, "the prompt on stdin", &prompt, err))
		return false;
	if (!str_trim(prompt).len)
		return error_set(err, ERROR_USAGE, "the prompt on stdin is empty");
	if (!ask_open(&ask, counting->run, &wish, err))
		return false;
	chat = ask_chat(&ask);
	chat.system = counting->given->system;
	message_add_text(&ask.arena, chat_add(&chat, ROLE_USER), prompt);
	return model_count(ask.model, &chat, &counting->tokens, &counting->estimated, err);
}

static bool count_stage(void *ctx, struct error *err)
{
	return count(ctx, err);
}

static enum exit_status run_counting(struct runtime *run, void *arg)
{
	struct counting counting = {.run = run, .given = arg};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	if (!runtime_stage(run, count_stage, &counting, &err))
		return cli_fail(&err);
	if (counting.estimated)
		log_notice("count-tokens",
			   "the service does not count for this model: an estimate");
	buf_addf(&out, "%lld\n", (long long)counting.tokens);
	return cli_output(STR_EMPTY, buf_str(&out), &err) ? EXIT_DONE : cli_fail(&err);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	struct count_options given = *(const struct count_options *)options;

	(void)arguments;
	if (given.common.debug)
		log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
	return cli_start(cli, 8, given.common.allow_http, run_counting, &given);
}

const struct command command_count_tokens = {
	.name = "count-tokens",
	.summary = "Print how many input tokens the prompt on standard input has for a model.",
	.arguments = "",
	.details =
		"The service counts; where it does not for a model, the number is an estimate, which is said.",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct count_options),
	.run = run,
};
