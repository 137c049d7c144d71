/* One model for a job that asks one: configuration, credentials, the model. */
#include "job/ask.h"

#include <unistd.h>

#include "agent/config_read.h"
#include "base/file.h"
#include "base/log.h"
#include "credentials/sign_in.h"
#include "job/setup.h"
#include "value/json.h"
#include "value/schema.h"
#include "value/yaml.h"

static bool read_config(struct ask *ask, struct str path, struct error *err)
{
	bool is_default = !path.len;
	SCOPED(buf) struct buf text = BUF_INIT;
	SCOPED(problems) struct problems problems = {0};
	struct config_source source = {
		.file = is_default ? STR(CONFIG_PATH_DEFAULT) : path,
		.env = ask->runtime->env,
		.table = &ask->table,
	};
	bool ok;

	if (is_default && access(CONFIG_PATH_DEFAULT, F_OK) != 0 &&
	    access(CONFIG_PATH_OTHER, F_OK) == 0)
		source.file = STR(CONFIG_PATH_OTHER);
	if (!file_read(arena_text(&ask->arena, source.file), YAML_SIZE_MAX, &text, err)) {
		if (is_default && err->kind == ERROR_NOT_FOUND)
			return true;
		err->kind = ERROR_CONFIG;
		return error_wrap(err, "configuration");
	}
	source.text = buf_str(&text);
	ok = config_read(&ask->arena, &source, &problems, &ask->config) ||
	     problems_error(&problems, err);
	session_log_problems(&problems, ok ? STR_EMPTY : str_from(err->message));
	return ok;
}

static const struct model *find(const struct ask *ask, struct models *models,
				const struct ask_request *request, struct error *err)
{
	struct str name = request->model;

	if (!name.len && !request->embedder)
		name = ask->config.default_model;
	if (!name.len)
		name = request->fallback;
	return request->embedder ? models_find_embedder(models, name, err)
				 : models_find(models, name, err);
}

/* Finds a wrong name, or a region without a profile, before the first request to AWS. */
static bool check_name(const struct ask *ask, const struct ask_request *request,
		       const struct models_options *options, struct error *err)
{
	struct models_options unasked = *options;
	struct models models;
	bool ok;

	unasked.aws = NULL;
	models_init(&models, ask->runtime->loop, &unasked);
	ok = find(ask, &models, request, err) != NULL;
	models_release(&models);
	return ok;
}

/* A replay makes no call, so any region works for models with profiles by region. */
static struct str replay_region(const struct env *env, const struct ask_request *request)
{
	struct str named = env_has(env, "AWS_REGION") ? env_get(env, "AWS_REGION")
						      : env_get(env, "AWS_DEFAULT_REGION");

	if (request->region.len)
		return request->region;
	return named.len ? named : STR("us-east-1");
}

bool ask_open(struct ask *ask, struct runtime *runtime, const struct ask_request *request,
	      struct error *err)
{
	struct aws_options aws = {
		.region = request->region, .profile = request->profile, .local = true};
	struct models_options options = {
		.table = &ask->table,
		.config = &ask->config,
		.pool = {.max_concurrency = JOB_CONCURRENCY_DEFAULT,
			 .random = &runtime->random,
			 .record_dir = request->record_dir,
			 .replay_dir = request->replay_dir},
		.api = request->api,
	};

	ask->runtime = runtime;
	model_table_read(&ask->arena, &ask->table);
	if (!read_config(ask, request->config, err) || !aws_options_check(&aws, err) ||
	    !models_read_retries(runtime->env, &options.pool, err))
		return false;
	aws.models_have_keys = config_has_keys(&ask->config);
	if (request->replay_dir)
		options.region = replay_region(runtime->env, request);
	else
		ask->aws = aws_session_new(runtime->http, &runtime->clock, runtime->env, &aws, err);
	if (!request->replay_dir && !ask->aws)
		return false;
	if (ask->aws)
		options.region = aws_session_region(ask->aws);
	if (!check_name(ask, request, &options, err) ||
	    (ask->aws && !aws_session_sign_in(ask->aws, err)))
		return false;
	options.aws = ask->aws;
	models_init(&ask->models, runtime->loop, &options);
	ask->model = find(ask, &ask->models, request, err);
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
		.origin = {.agent = STR("outcrop"),
			   .run_id = runtime_run_id(ask->runtime),
			   .turn = 1},
	};
}

static bool follows_schema(struct ask *ask, const struct reply *reply, const struct value *schema,
			   struct error *err)
{
	const struct value *value;

	if (!schema || reply->stop == STOP_TOOL_USE)
		return true;
	value = json_read(&ask->arena, reply_text(&ask->arena, reply), 0, err);
	return (value && schema_check(schema, value, err)) ||
	       error_wrap(err, "the answer does not follow the schema");
}

enum exit_status ask_status(struct ask *ask, const struct reply *reply, const struct value *schema)
{
	struct error err;

	switch (reply->stop) {
	case STOP_END:
	case STOP_TOOL_USE:
	case STOP_SEQUENCE:
		if (follows_schema(ask, reply, schema, &err))
			return EXIT_DONE;
		log_error("ask", "%s", err.message);
		return EXIT_INCOMPLETE;
	case STOP_MAX_TOKENS:
		log_error(
			"ask",
			"the answer is cut at the limit of tokens: allow more of them (max-tokens)");
		return EXIT_INCOMPLETE;
	default:
		log_error("ask", "the answer is not complete: the service stopped it (%.*s)",
			  STR_ARG(reply->stop_text));
		return EXIT_INCOMPLETE;
	}
}
