/* outcrop embed: one vector for each line of standard input. */
#include "base/log.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "value/json.h"

enum { EMBED_LINES_MAX = 100000 };

struct embed_options {
	struct ask_options common;
	struct str input_type;
	int64_t dimensions;
};

static const char *const input_types[] = {"search_document", "search_query", "classification",
					  "clustering", NULL};

/* Keep alphabetized. */
static const struct option options_table[] = {
	ASK_OPTION_ALLOW_HTTP(struct embed_options),
	ASK_OPTION_CONFIG(struct embed_options),
	ASK_OPTION_DEBUG(struct embed_options),
	{"dimensions", OPTION_INT, offsetof(struct embed_options, dimensions), "N",
	 "Numbers of a vector, where the model lets one choose.", .min = 1, .max = 4096},
	{"input-type", OPTION_CHOICE, offsetof(struct embed_options, input_type), "TYPE",
	 "What the texts are, for models that ask.", .choices = input_types},
	{"model", OPTION_TEXT, offsetof(struct embed_options, common.model), "MODEL",
	 "An embedder of the configuration, or a model ID. Default: amazon.titan-embed-text-v2:0."},
	ASK_OPTION_PROFILE(struct embed_options),
	ASK_OPTION_REGION(struct embed_options),
};

struct embedding {
	struct runtime *run;
	const struct embed_options *given;
	struct buf out;
};

/* The lines of stdin, in order; an empty one has no meaning that a vector could have. */
static bool read_lines(struct ask *ask, struct embed_request *request, struct error *err)
{
	struct str text, line;
	size_t count = 0;
	struct str rest;

	if (!ask_read(&ask->arena, STR_EMPTY, "stdin", &text, err))
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

static bool embed(struct embedding *embedding, struct error *err)
{
	SCOPED(ask) struct ask ask = {0};
	struct ask_wish wish = {
		.options = &embedding->given->common,
		.model = STR("amazon.titan-embed-text-v2:0"),
		.embedder = true,
	};
	struct embed_request request = {
		.dimensions = embedding->given->dimensions,
		.input_type = embedding->given->input_type,
		.origin = {.agent = STR("outcrop"), .run_id = STR("local"), .turn = 1},
	};
	const struct embedder_config *configured;
	struct embed_reply reply = {0};

	if (!read_lines(&ask, &request, err) || !ask_open(&ask, embedding->run, &wish, err))
		return false;
	configured = config_embedder(&ask.config, embedding->given->common.model);
	if (!request.dimensions && configured)
		request.dimensions = configured->dimensions;
	if (!model_embed(ask.model, &ask.arena, &request, &reply, err))
		return false;
	add_vectors(&embedding->out, &reply);
	return true;
}

static bool embed_stage(void *ctx, struct error *err)
{
	return embed(ctx, err);
}

static enum exit_status run_embedding(struct runtime *run, void *arg)
{
	struct embedding embedding = {.run = run, .given = arg};
	enum exit_status status = EXIT_DONE;
	struct error err;

	buf_init(&embedding.out, BUF_SIZE_MAX);
	if (!runtime_stage(run, embed_stage, &embedding, &err))
		status = cli_fail(&err);
	else if (!cli_output(STR_EMPTY, buf_str(&embedding.out), &err))
		status = cli_fail(&err);
	buf_release(&embedding.out);
	return status;
}

static enum exit_status run(struct cli *cli, const void *options, const struct arguments *arguments)
{
	struct embed_options given = *(const struct embed_options *)options;

	(void)arguments;
	if (given.common.debug)
		log_setup(LOG_DEBUG, LOG_FORMAT_TEXT);
	return cli_start(cli, 8, given.common.allow_http, run_embedding, &given);
}

const struct command command_embed = {
	.name = "embed",
	.summary = "Print a vector, as one JSON array of numbers, for each line of standard input.",
	.arguments = "",
	.details =
		"The order is that of the lines. Models that take several texts at once get them in batches.",
	.options = options_table,
	.options_len = ARRAY_LEN(options_table),
	.options_size = sizeof(struct embed_options),
	.run = run,
};
