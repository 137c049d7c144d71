/* One model for the commands that ask one: configuration, credentials, the model. */
#include "cli/ask.h"

#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"
#include "credentials/sign_in.h"
#include "job/session.h"

enum { CONFIG_SIZE_MAX = 1 << 20, INPUT_SIZE_MAX = 32 << 20 };

static bool read_config(struct ask *ask, struct str path, struct error *err)
{
	bool is_default = !path.len;
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(problems) struct problems problems = {0};
	struct config_source source = {
		.file = is_default ? STR(CONFIG_PATH_DEFAULT) : path,
		.env = ask->run->env,
		.table = &ask->table,
	};
	bool good;

	if (!file_read(arena_text(&ask->arena, source.file), CONFIG_SIZE_MAX, &text, err)) {
		if (is_default && err->kind == ERROR_NOT_FOUND)
			return true;
		err->kind = ERROR_CONFIG;
		return error_wrap(err, "configuration");
	}
	source.text = buf_str(&text);
	good = config_read(&ask->arena, &source, &problems, &ask->config);
	if (!good)
		problems_error(&problems, err);
	session_log_problems(&problems, good ? STR_EMPTY : str_from(err->message));
	return good;
}

static struct str region_of(const struct ask *ask)
{
	return aws_session_region(ask->aws);
}

bool ask_open(struct ask *ask, struct runtime *run, const struct ask_wish *wish, struct error *err)
{
	const struct ask_options *given = wish->options;
	struct aws_options aws = {
		.region = given->region, .profile = given->profile, .local = true};
	struct str name = given->model.len ? given->model : wish->model;
	struct models_options options = {
		.table = &ask->table,
		.config = &ask->config,
		.pool = {.max_concurrency = 4, .random = &run->random},
		.api = wish->api,
	};

	ask->run = run;
	model_table_read(&ask->arena, &ask->table);
	if (!read_config(ask, given->config, err) || !aws_options_check(&aws, err) ||
	    !models_read_retries(run->env, &options.pool, err))
		return false;
	aws.models_have_keys = config_has_keys(&ask->config);
	ask->aws = aws_session_new(run->http, &run->clock, run->env, &aws, err);
	if (!ask->aws || !aws_session_sign_in(ask->aws, err))
		return false;
	options.aws = ask->aws;
	options.region = region_of(ask);
	models_init(&ask->models, run->loop, &options);
	if (!given->model.len && !wish->embedder && ask->config.default_model.len)
		name = ask->config.default_model;
	ask->model = wish->embedder ? models_find_embedder(&ask->models, name, err)
				    : models_find(&ask->models, name, err);
	return ask->model != NULL;
}

void ask_release(struct ask *ask)
{
	if (!ask)
		return;
	models_release(&ask->models);
	aws_session_free(ask->aws);
	config_release(&ask->config);
	arena_release(&ask->arena);
}

struct chat ask_chat(struct ask *ask)
{
	return (struct chat){
		.arena = &ask->arena,
		.inference = ask->model->inference,
		.origin = {.agent = STR("outcrop"), .run_id = STR("local"), .turn = 1},
	};
}

bool ask_read(struct arena *arena, struct str path, const char *what, struct str *text,
	      struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	const char *name = path.len ? arena_text(arena, path) : "-";

	if (!file_read(name, INPUT_SIZE_MAX, &bytes, err)) {
		err->kind = ERROR_USAGE;
		return error_wrap(err, "%s", what);
	}
	if (!utf8_valid(buf_str(&bytes)))
		return error_set(err, ERROR_USAGE, "%s: the text is not UTF-8", what);
	*text = arena_str(arena, buf_str(&bytes));
	return true;
}
