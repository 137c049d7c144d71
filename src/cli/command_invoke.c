/* outcrop invoke: one model call, its answer printed whole or as it comes. */
#include "base/log.h"
#include "cli/command_tables.h"
#include "cli/local.h"
#include "command/print.h"
#include "model/openai.h"
#include "output/reply_value.h"
#include "value/json.h"

struct invoke_command {
	struct local_options local;
	struct str messages, tools, schema;
	struct str system, api, format;
	struct str temperature; /* a number; text, so that 0 differs from "not given" */
	int64_t max_tokens;
	bool stream;
};

#define AT(member) offsetof(struct invoke_command, member)

static const char *const formats[] = {"text", "json", "openai", NULL};

/* Keep alphabetized. */
static const struct option options_table[] = {
	LOCAL_ALLOW_HTTP(struct invoke_command),
	{"api", OPTION_CHOICE, AT(api), "API",
	 "Bedrock API. Default: the configuration's, else converse.", .choices = model_api_names},
	LOCAL_CONFIG_FILE(struct invoke_command),
	LOCAL_DEBUG(struct invoke_command),
	{"format", OPTION_CHOICE, AT(format), "FORMAT", "How the answer is printed.",
	 .choices = formats},
	{"max-tokens", OPTION_INT, AT(max_tokens), "N",
	 "Maximum length of the answer in tokens. Default: the configuration's, else 4000.",
	 .min = 1, .max = 1000000},
	{"messages", OPTION_TEXT, AT(messages), "FILE",
	 "A conversation as JSON, in the format of OpenAI's chat API; - is standard input."},
	{"model", OPTION_TEXT, AT(local.model), "MODEL",
	 "Alias, model ID, profile ID or ARN. Default: the configuration's, else sonnet."},
	LOCAL_PROFILE(struct invoke_command),
	LOCAL_REGION(struct invoke_command),
	{"schema", OPTION_TEXT, AT(schema), "FILE", "JSON Schema that the answer must follow."},
	{"stream", OPTION_FLAG, AT(stream), NULL,
	 "Print text as it arrives; with --format openai, as server-sent events."},
	{"system", OPTION_TEXT, AT(system), "TEXT", "System text."},
	{"temperature", OPTION_TEXT, AT(temperature), "T",
	 "Temperature, for models that take one."},
	{"tools", OPTION_TEXT, AT(tools), "FILE",
	 "Tools as JSON, in the format of OpenAI's function definitions."},
};

/* One run of the command. */
struct invocation {
	struct cli *cli;
	const struct invoke_command *given;
	struct runtime *runtime;
	struct printer printer;
	struct ask ask;
	struct openai_stamp stamp;
	struct reply reply;
	struct value *schema; /* NULL: none */
	bool printed;         /* some of the answer is on stdout */
	bool unwritten;
};

static bool is_format(const struct invocation *call, const char *name)
{
	return str_eq(call->given->format, str_from(name));
}

/* ---- What is printed ---- */

static void print(struct invocation *call, enum print_kind kind, struct str text)
{
	struct error err;

	if (!call->unwritten && !printer_add(&call->printer, kind, text, &err)) {
		log_error("cli", "%s", err.message);
		call->unwritten = true;
	}
	call->printed = true;
}

static void print_event(struct invocation *call, const struct value *chunk)
{
	SCOPED(buf) struct buf out = BUF_INIT;

	buf_add_text(&out, "data: ");
	json_write(&out, chunk, JSON_COMPACT);
	buf_add_text(&out, "\n\n");
	print(call, PRINT_JSON, buf_str(&out));
}

static void print_piece(void *ctx, struct str text)
{
	struct invocation *call = ctx;
	SCOPED(arena) struct arena arena = ARENA_INIT;

	if (is_format(call, "openai"))
		print_event(call, openai_chunk(&arena, &call->stamp, call->ask.model->id, text));
	else
		print(call, PRINT_TEXT, text);
}

static bool has_printed(void *ctx)
{
	const struct invocation *call = ctx;

	return call->printed;
}

/* Prints text unchanged, and each tool call as one line of JSON. */
static void add_text(struct invocation *call, struct buf *out)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const struct value *calls =
		value_get(reply_value(&arena, &call->reply, call->ask.model), "tool_calls");
	struct str text = reply_text(&arena, &call->reply);

	if (!call->printed)
		buf_add(out, text);
	if (text.len && !str_ends(text, STR("\n")))
		buf_add_char(out, '\n');
	for (size_t i = 0; i < value_len(calls); i++) {
		json_write(out, value_at(calls, i), JSON_COMPACT);
		buf_add_char(out, '\n');
	}
}

static void print_events_end(struct invocation *call)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str text = reply_text(&arena, &call->reply);

	if (!call->printed && text.len)
		print_piece(call, text);
	print_event(call, openai_last_chunk(&arena, &call->stamp, &call->reply));
	print(call, PRINT_JSON, STR("data: [DONE]\n\n"));
}

static void print_answer(struct invocation *call)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	SCOPED(buf) struct buf out = BUF_INIT;
	enum print_kind kind = PRINT_JSON;

	if (is_format(call, "openai") && call->given->stream) {
		print_events_end(call);
		return;
	}
	if (is_format(call, "openai")) {
		json_write(&out, openai_completion(&arena, &call->stamp, &call->reply),
			   JSON_PRETTY);
		buf_add_char(&out, '\n');
	} else if (is_format(call, "json")) {
		json_write(&out, reply_value(&arena, &call->reply, call->ask.model), JSON_PRETTY);
		buf_add_char(&out, '\n');
	} else {
		add_text(call, &out);
		kind = PRINT_TEXT;
	}
	print(call, kind, buf_str(&out));
}

/* ---- What is asked ---- */

static bool read_json(struct invocation *call, struct str path, const char *option,
		      struct value **tree, struct error *err)
{
	struct str text;

	if (!local_read(&call->ask.arena, path, option, &text, err))
		return false;
	*tree = json_read(&call->ask.arena, text, 0, err);
	if (*tree)
		return true;
	err->kind = ERROR_USAGE;
	return error_wrap(err, "%s", option);
}

static bool fill_chat(struct invocation *call, struct chat *chat, struct error *err)
{
	const struct invoke_command *given = call->given;
	struct value *tree;
	struct str prompt;

	chat->system = given->system;
	if (given->messages.len) {
		if (!read_json(call, given->messages, "--messages", &tree, err))
			return false;
		if (!openai_read_messages(tree, chat, err))
			return error_wrap(err, "--messages");
	} else {
		if (!local_read(chat->arena, STR_EMPTY, "the prompt on stdin", &prompt, err))
			return false;
		if (!str_trim(prompt).len)
			return error_set(err, ERROR_USAGE, "the prompt on stdin is empty");
		message_add_text(chat->arena, chat_add(chat, ROLE_USER), prompt);
	}
	if (given->tools.len) {
		if (!read_json(call, given->tools, "--tools", &tree, err))
			return false;
		if (!openai_read_tools(tree, chat, err))
			return error_wrap(err, "--tools");
	}
	if (!given->schema.len)
		return true;
	chat->output_name = STR("answer");
	if (!read_json(call, given->schema, "--schema", &call->schema, err))
		return false;
	chat->output_schema = call->schema;
	return true;
}

/* The model's own defaults, and what was chosen over them. */
static bool fill_inference(const struct invocation *call, struct chat *chat, struct error *err)
{
	struct str temperature = call->given->temperature;

	chat->inference = call->ask.model->inference;
	if (call->given->max_tokens)
		chat->inference.max_tokens = call->given->max_tokens;
	if (temperature.len && (!str_to_double(temperature, &chat->inference.temperature) ||
				chat->inference.temperature < 0))
		return error_set(err, ERROR_USAGE,
				 "--temperature \"%.*s\": must be a number from 0",
				 STR_ARG(temperature));
	return true;
}

static bool invoke(struct invocation *call, struct error *err)
{
	const struct invoke_command *given = call->given;
	struct ask *ask = &call->ask;
	const enum model_api api =
		str_eq(given->api, STR("messages")) ? MODEL_API_MESSAGES : MODEL_API_CONVERSE;
	struct ask_request wish = local_ask(&given->local, MODEL_DEFAULT);
	struct watch watch = {.ctx = call};
	struct chat chat = {.arena = &ask->arena};

	wish.api = given->api.len ? &api : NULL;
	if (given->stream && is_format(call, "json"))
		return error_set(err, ERROR_USAGE,
				 "--stream prints text or, with --format openai, events; not json");
	if (!fill_chat(call, &chat, err) || !ask_open(ask, call->runtime, &wish, err))
		return false;
	chat.origin = ask_chat(ask).origin;
	if (!fill_inference(call, &chat, err))
		return false;
	if (given->stream) {
		watch.text = print_piece;
		watch.committed = has_printed;
	} else if (!given->max_tokens) {
		return model_ask_whole(ask->model, &chat, &watch, &call->reply, err);
	}
	return model_ask(ask->model, &chat, &watch, &call->reply, err);
}

static bool invoke_stage(void *ctx, struct error *err)
{
	return invoke(ctx, err);
}

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct invocation *call = arg;
	enum exit_status status;
	char id[25];
	struct error err;

	call->runtime = runtime;
	random_hex(&runtime->random, id, sizeof(id) - 1);
	call->stamp.id = arena_printf(&call->ask.arena, "chatcmpl-%s", id);
	call->stamp.created = clock_wall_ms(&runtime->clock) / 1000;
	if (runtime_stage(runtime, invoke_stage, call, &err)) {
		print_answer(call);
		status = ask_status(&call->ask, &call->reply, call->schema);
		return call->unwritten ? exit_worse(status, EXIT_INCOMPLETE) : status;
	}
	if (call->printed)
		print(call, PRINT_TEXT, STR("\n"));
	return cli_fail(&err);
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct invoke_command *given = options;
	struct invocation call = {.cli = cli, .given = given};
	enum exit_status status;
	struct error err;

	(void)arguments;
	local_log(given->local.debug);
	if (!printer_open(&call.printer, cli, STR_EMPTY, &err))
		return cli_fail(&err);
	status = cli_start(cli, 0, given->local.allow_http, run_local, &call);
	ask_release(&call.ask);
	return status;
}

const struct command command_invoke = {
	.name = "invoke",
	.summary = "Call a model once: read the prompt from standard input, print the answer.",
	.arguments = "",
	.details =
		"With --messages, sends a conversation in the format of OpenAI's chat API instead.\n"
		"Exit status: 2 if usage or configuration is wrong, 3 without AWS credentials, 4 if the\n"
		"answer is incomplete.",
	.examples = "echo 'Name three rocks.' | outcrop invoke --model haiku\n"
		    "outcrop invoke --messages chat.json --stream --format openai",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct invoke_command),
	.run = run,
};
