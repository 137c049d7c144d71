/* One model for the commands that ask one: configuration, credentials, the model. */
#include "cli/asking.h"

#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"
#include "cli/session.h"
#include "credentials/sign_in.h"

enum { CONFIG_SIZE_MAX = 1 << 20, INPUT_SIZE_MAX = 32 << 20 };

static bool read_config(struct asking *asking, struct str path, struct error *err)
{
	bool is_default = !path.len;
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(problems) struct problems problems = {0};
	struct config_source source = {
		.file = is_default ? STR(CONFIG_PATH_DEFAULT) : path,
		.env = &asking->run->cli->env,
		.table = &asking->table,
	};
	bool good;

	if (!file_read(arena_text(&asking->arena, source.file), CONFIG_SIZE_MAX, &text, err)) {
		if (is_default && err->kind == ERROR_NOT_FOUND)
			return true;
		err->kind = ERROR_CONFIG;
		return error_wrap(err, "configuration");
	}
	source.text = buf_str(&text);
	good = config_read(&asking->arena, &source, &problems, &asking->config);
	if (!good)
		problems_error(&problems, err);
	session_log_problems(&problems, good ? STR_EMPTY : str_from(err->message));
	return good;
}

static struct str region_of(const struct asking *asking)
{
	return aws_session_region(asking->aws);
}

bool asking_open(struct asking *asking, struct run *run, const struct asking_wish *wish,
		 struct error *err)
{
	const struct asking_options *given = wish->options;
	struct aws_options aws = {
		.region = given->region, .profile = given->profile, .local = true};
	struct str name = given->model.len ? given->model : wish->model;
	struct models_options options = {
		.table = &asking->table,
		.config = &asking->config,
		.pool = {.max_concurrency = 4, .random = &run->random},
		.api = wish->api,
	};

	asking->run = run;
	model_table_read(&asking->arena, &asking->table);
	if (!read_config(asking, given->config, err) || !aws_options_check(&aws, err) ||
	    !models_read_retries(&run->cli->env, &options.pool, err))
		return false;
	aws.models_have_keys = config_has_keys(&asking->config);
	asking->aws = aws_session_new(run->http, &run->clock, &run->cli->env, &aws, err);
	if (!asking->aws || !aws_session_sign_in(asking->aws, err))
		return false;
	options.aws = asking->aws;
	options.region = region_of(asking);
	models_init(&asking->models, run->loop, &options);
	if (!given->model.len && !wish->embedder && asking->config.default_model.len)
		name = asking->config.default_model;
	asking->model = wish->embedder ? models_find_embedder(&asking->models, name, err)
				       : models_find(&asking->models, name, err);
	return asking->model != NULL;
}

void asking_release(struct asking *asking)
{
	if (!asking)
		return;
	models_release(&asking->models);
	aws_session_free(asking->aws);
	config_release(&asking->config);
	arena_release(&asking->arena);
}

struct chat asking_chat(struct asking *asking)
{
	return (struct chat){
		.arena = &asking->arena,
		.inference = asking->model->inference,
		.origin = {.agent = STR("outcrop"), .run_id = STR("local"), .turn = 1},
	};
}

bool asking_read(struct arena *arena, struct str path, const char *what, struct str *text,
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
