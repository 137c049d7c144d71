/* outcrop count-tokens: how many input tokens a prompt has for a model. */
#include "base/log.h"
#include "cli/asking.h"
#include "cli/commands.h"

struct count_options {
	struct asking_options common;
	struct str system;
};

/* Keep alphabetized. */
static const struct option options_table[] = {
	ASKING_OPTION_ALLOW_HTTP(struct count_options),
	ASKING_OPTION_CONFIG(struct count_options),
	ASKING_OPTION_DEBUG(struct count_options),
	{"model", OPTION_TEXT, offsetof(struct count_options, common.model), "MODEL",
	 "Alias, model ID, profile ID or ARN. Default: the configuration's, else sonnet."},
	ASKING_OPTION_PROFILE(struct count_options),
	ASKING_OPTION_REGION(struct count_options),
	{"system", OPTION_TEXT, offsetof(struct count_options, system), "TEXT",
	 "System text, counted with the prompt."},
};

struct counting {
	struct run *run;
	const struct count_options *given;
	int64_t tokens;
	bool estimated;
	struct error error;
	bool good;
};

static bool count(struct counting *counting, struct error *err)
{
	SCOPED(asking) struct asking asking = {0};
	struct asking_wish wish = {.options = &counting->given->common,
				   .model = STR(MODEL_DEFAULT)};
	struct str prompt;
	struct chat chat;

	if (!asking_read(&asking.arena, STR_EMPTY, "the prompt on stdin", &prompt, err))
		return false;
	if (!str_trim(prompt).len)
		return error_set(err, ERROR_USAGE, "the prompt on stdin is empty");
	if (!asking_open(&asking, counting->run, &wish, err))
		return false;
	chat = asking_chat(&asking);
	chat.system = counting->given->system;
	message_add_text(&asking.arena, chat_add(&chat, ROLE_USER), prompt);
	return model_count(asking.model, &chat, &counting->tokens, &counting->estimated, err);
}

static void count_task(void *arg)
{
	struct counting *counting = arg;

	counting->good = count(counting, &counting->error);
}

static enum exit_status run_counting(struct run *run, void *arg)
{
	struct counting counting = {.run = run, .given = arg};
	SCOPED(buf) struct buf out = BUF_INIT;
	struct error err;

	if (!run_stage(run, count_task, &counting, &err))
		return cli_fail(&err);
	if (!counting.good)
		return cli_fail(&counting.error);
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
	return run_start(cli, 8, given.common.allow_http, run_counting, &given);
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
