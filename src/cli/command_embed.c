/* outcrop embed: one vector for each line of standard input. */
#include "base/log.h"
#include "cli/command_tables.h"
#include "cli/local.h"
#include "command/print.h"
#include "value/json.h"

enum { EMBED_LINES_MAX = 100000 };

struct embed_command {
	struct local_options local;
	struct str input_type;
	int64_t dimensions;
};

static const char *const input_types[] = {"search_document", "search_query", "classification",
					  "clustering", NULL};

/* Keep alphabetized. */
static const struct option options_table[] = {
	LOCAL_ALLOW_HTTP(struct embed_command),
	LOCAL_CONFIG_FILE(struct embed_command),
	LOCAL_DEBUG(struct embed_command),
	{"dimensions", OPTION_INT, offsetof(struct embed_command, dimensions), "N",
	 "Dimensions of a vector, if the model supports a choice.", .min = 1, .max = 4096},
	{"input-type", OPTION_CHOICE, offsetof(struct embed_command, input_type), "TYPE",
	 "Kind of text, for models that need it.", .choices = input_types},
	{"model", OPTION_TEXT, offsetof(struct embed_command, local.model), "MODEL",
	 "An embedder of the configuration, or a model ID. Default: amazon.titan-embed-text-v2:0."},
	LOCAL_PROFILE(struct embed_command),
	LOCAL_REGION(struct embed_command),
};

/* One run of the command. */
struct local_embed {
	struct cli *cli;
	const struct embed_command *given;
	struct runtime *runtime;
	struct buf out;
};

/* Reads the lines of stdin, in order; an empty line is an error, because it has no embedding. */
static bool read_lines(struct ask *ask, struct embed_request *request, struct error *err)
{
	struct str text, line;
	size_t count = 0;
	struct str rest;

	if (!local_read(&ask->arena, STR_EMPTY, "stdin", &text, err))
		return false;
	for (rest = text; str_next_line(&rest, &line, NULL);)
		count++;
	if (!count || count > EMBED_LINES_MAX)
		return error_set(err, ERROR_USAGE, "stdin has %zu lines: must be 1 to %d", count,
				 EMBED_LINES_MAX);
	request->texts = ARENA_ARRAY(&ask->arena, struct str, count);
	for (rest = text; str_next_line(&rest, &line, NULL);) {
		request->texts[request->len++] = str_trim(line);
		if (!str_trim(line).len)
			return error_set(err, ERROR_USAGE, "stdin, line %zu: is empty",
					 request->len);
	}
	return true;
}

static void add_vectors(struct buf *out, const struct embed_reply *reply)
{
	for (size_t i = 0; i < reply->len; i++) {
		SCOPED(arena) struct arena arena = ARENA_INIT;
		struct value *vector = value_array(&arena);

		for (size_t j = 0; j < reply->dimensions; j++)
			value_append(&arena, vector,
				     value_real(&arena,
						(double)reply->vectors[i * reply->dimensions + j]));
		json_write(out, vector, JSON_COMPACT);
		buf_add_char(out, '\n');
	}
}

static bool embed_stage(void *ctx, struct error *err)
{
	struct local_embed *local = ctx;
	const struct embed_command *given = local->given;
	SCOPED(ask) struct ask ask = {0};
	struct ask_request wish = local_ask(&given->local, "amazon.titan-embed-text-v2:0");
	struct embed_request request = {
		.dimensions = given->dimensions,
		.input_type = given->input_type,
		.origin = {.agent = STR("outcrop"),
			   .run_id = runtime_run_id(local->runtime),
			   .turn = 1},
	};
	const struct embedder_config *configured;
	struct embed_reply reply = {0};

	wish.embedder = true;
	if (!read_lines(&ask, &request, err) || !ask_open(&ask, local->runtime, &wish, err))
		return false;
	configured = config_embedder(&ask.config, given->local.model);
	if (!request.dimensions && configured)
		request.dimensions = configured->dimensions;
	if (!model_embed(ask.model, &ask.arena, &request, &reply, err))
		return false;
	add_vectors(&local->out, &reply);
	return true;
}

static enum exit_status run_local(struct runtime *runtime, void *arg)
{
	struct local_embed *local = arg;
	struct error err;

	local->runtime = runtime;
	if (!runtime_stage(runtime, embed_stage, local, &err) ||
	    !print_text(local->cli, PRINT_JSON, buf_str(&local->out), &err))
		return cli_fail(&err);
	return EXIT_DONE;
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	const struct embed_command *given = options;
	struct local_embed local = {.cli = cli, .given = given};
	enum exit_status status;

	(void)arguments;
	local_log(given->local.debug);
	buf_init(&local.out, BUF_SIZE_MAX);
	status = cli_start(cli, 0, given->local.allow_http, run_local, &local);
	buf_release(&local.out);
	return status;
}

const struct command command_embed = {
	.name = "embed",
	.summary =
		"Print an embedding, as a JSON array of numbers, for each line of standard input.",
	.arguments = "",
	.details =
		"Prints the vectors in the order of the lines. Sends lines in batches to models that accept\n"
		"several texts.",
	.examples = "outcrop embed --dimensions 256 < lines.txt > vectors.jsonl",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct embed_command),
	.run = run,
};
