/* Prepares what every review needs before its first call. */
#include "job/setup.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/config_file.h"
#include "agent/config_read.h"
#include "base/hash.h"
#include "base/log.h"
#include "credentials/sign_in.h"
#include "job/version.h"

void session_log_problems(struct problems *problems, struct str told)
{
	static const struct {
		struct str mark; /* as problems_write() puts it; the log says the level itself */
		enum log_level level;
	} kinds[] = {{STR_INIT(": warning: "), LOG_WARNING}, {STR_INIT(": error: "), LOG_ERROR}};
	SCOPED(buf) struct buf written = BUF_INIT;
	struct str rest;
	struct str line;

	problems_write(problems, &written);
	rest = buf_str(&written);
	while (str_next_line(&rest, &line, NULL)) {
		for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
			ptrdiff_t at = str_find(line, kinds[i].mark, 0);
			struct str place, text;

			if (at < 0)
				continue;
			place = str_slice(line, 0, (size_t)at);
			text = str_skip(line, (size_t)at + kinds[i].mark.len);
			if (!str_starts(told, place) ||
			    !str_starts(str_skip(told, place.len + STR(": ").len), text))
				log_write(kinds[i].level, "config", "%.*s: %.*s", STR_ARG(place),
					  STR_ARG(text));
			break;
		}
	}
}

/* ---- The configuration ---- */

static bool load_config(struct session *session, const struct session_sources *sources,
			struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct config_source source = {.env = session->runtime->env, .table = &session->table};
	struct config_place place = {
		.arena = &session->arena,
		.base = sources->base,
		.open = sources->open,
		.open_ctx = sources->open_ctx,
		.path = session->choices->config,
	};

	if (!config_fetch(&place, &text, &session->config.file, err))
		return false;
	if (!session->config.file.len)
		return true;
	source.text = buf_str(&text);
	source.file = session->config.file;
	session->config_text = sha256_hex(&session->arena, buf_str(&text));
	return config_read(&session->arena, &source, &session->problems, &session->config) ||
	       problems_error(&session->problems, err);
}

/* ---- Agents ---- */

/* The chosen agents, else those of the tier (NULL: none), else the configured ones. */
static bool load_agents(struct session *session, const struct session_sources *sources,
			const struct tier *tier, struct error *err)
{
	const struct strings *names = &session->choices->agents;
	struct loader loader = {
		.arena = &session->arena,
		.problems = &session->problems,
		.base = sources->base,
		.open = sources->open,
		.open_ctx = sources->open_ctx,
	};

	if (tier && tier->agents.len)
		names = &tier->agents;
	else if (!names->len)
		names = &session->config.agents;
	if (names != &session->choices->agents) {
		loader.list = session->config.file;
		loader.config = &session->config;
	}
	if (!agents_load(&loader, names, &session->agents, err))
		return false;
	return config_check_agents(&session->config, &session->table, &session->agents,
				   &session->problems) ||
	       problems_error(&session->problems, err);
}

bool session_load(struct session *session, struct runtime *runtime,
		  const struct job_choices *choices, const struct session_sources *sources,
		  struct error *err)
{
	struct model_pool_options retries = {0};
	bool ok;

	session->runtime = runtime;
	session->choices = choices;
	if (!models_read_retries(runtime->env, &retries, err))
		return false;
	model_table_read(&session->arena, &session->table);
	ok = load_config(session, sources, err) && load_agents(session, sources, NULL, err);
	session_log_problems(&session->problems, ok ? STR_EMPTY : str_from(err->message));
	if (!ok)
		return false;
	session->settled = job_settle(choices, &session->config, &session->arena);
	return true;
}

bool session_take_tier(struct session *session, const struct session_sources *sources,
		       const struct tier *tier, struct error *err)
{
	bool chosen = session->choices->agents.len > 0;

	if (tier->model.len && !session->choices->model.len)
		session->settled.model = tier->model;
	if (!tier->agents.len || chosen)
		return true;
	session->agents = (struct agents){0};
	if (load_agents(session, sources, tier, err))
		return true;
	session_log_problems(&session->problems, str_from(err->message));
	return false;
}

/* ---- Models ---- */

struct str session_region(const struct session *session)
{
	const struct env *env = session->runtime->env;

	if (session->aws && aws_session_region(session->aws).len)
		return aws_session_region(session->aws);
	if (session->choices->aws.region.len)
		return session->choices->aws.region;
	return env_has(env, "AWS_REGION") ? env_get(env, "AWS_REGION")
					  : env_get(env, "AWS_DEFAULT_REGION");
}

/* Every model that an agent names. */
static bool find_models(const struct session *session, struct models *models, struct error *err)
{
	for (size_t i = 0; i < session->agents.len; i++) {
		const struct agent *agent = &session->agents.items[i];

		for (size_t j = 0; j < agent->models.len; j++) {
			if (!models_find(models, agent->models.items[j], err))
				return error_wrap(err, "agent \"%.*s\"", STR_ARG(agent->name));
		}
		if (!agent->models.len && !models_find(models, session->settled.model, err))
			return false;
	}
	return true;
}

/* Creates the folder of recordings before the first call, so that every paid reply can be kept. */
static bool make_folder(const char *path, struct error *err)
{
	struct stat info;

	if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &info) == 0 &&
				       S_ISDIR(info.st_mode) && access(path, W_OK) == 0))
		return true;
	error_errno(err, "make folder \"%s\", or write to it", path);
	err->kind = ERROR_USAGE;
	return false;
}

/* Recordings are read and written in folders that exist. */
static bool open_recordings(struct session *session, struct model_pool_options *pool,
			    struct error *err)
{
	const struct job_choices *choices = session->choices;

	if (choices->replay_dir.len)
		pool->replay_dir = arena_text(&session->arena, choices->replay_dir);
	if (!choices->record_dir.len)
		return true;
	pool->record_dir = arena_text(&session->arena, choices->record_dir);
	return make_folder(pool->record_dir, err) || error_wrap(err, "recordings");
}

/* A wrong name, and a region without a profile, end the run before AWS is asked for anything. */
static bool check_names(struct session *session, const struct models_options *options,
			struct error *err)
{
	struct models_options unasked = *options;
	struct models models;
	bool ok;

	unasked.aws = NULL;
	models_init(&models, session->runtime->loop, &unasked);
	ok = find_models(session, &models, err);
	models_release(&models);
	return ok;
}

static bool sign_in(struct session *session, const struct models_options *options,
		    struct error *err)
{
	if (!check_names(session, options, err) || !aws_session_sign_in(session->aws, err))
		return false;
	log_write(session->choices->one_of_many ? LOG_DEBUG : LOG_INFO, "aws",
		  "credentials from %.*s", STR_ARG(aws_session_source(session->aws)));
	return true;
}

bool session_connect(struct session *session, bool online, struct error *err)
{
	struct runtime *runtime = session->runtime;
	struct models_options options = {
		.table = &session->table,
		.config = &session->config,
		.pool = {.max_concurrency = session->settled.review.max_concurrency,
			 .random = &runtime->random},
	};

	if (!open_recordings(session, &options.pool, err) ||
	    !models_read_retries(runtime->env, &options.pool, err))
		return false;
	if (online && !options.pool.replay_dir) {
		struct aws_options aws = session->choices->aws;

		aws.models_have_keys = config_has_keys(&session->config);
		session->aws =
			aws_session_new(runtime->http, &runtime->clock, runtime->env, &aws, err);
		if (!session->aws)
			return false;
	}
	options.aws = session->aws;
	options.region = session_region(session);
	/* A plan and a replay make no call, so any region works for models with profiles by region. */
	if (!session->aws && !options.region.len)
		options.region = STR("us-east-1");
	if (session->aws && !sign_in(session, &options, err))
		return false;
	models_init(&session->models, runtime->loop, &options);
	return find_models(session, &session->models, err);
}

void session_release(struct session *session)
{
	if (!session)
		return;
	models_release(&session->models);
	aws_session_free(session->aws);
	problems_release(&session->problems);
	config_release(&session->config);
	arena_release(&session->arena);
}

struct str session_reviewers(struct session *session)
{
	SCOPED(buf) struct buf text = BUF_INIT;

	buf_addf(&text, "%s\n%.*s\n%.*s\n%.*s\n", OUTCROP_VERSION, STR_ARG(session->config_text),
		 STR_ARG(session->settled.model), STR_ARG(session->settled.review.language));
	for (size_t i = 0; i < session->agents.len; i++)
		buf_addf(&text, "%.*s %.*s\n", STR_ARG(session->agents.items[i].name),
			 STR_ARG(session->agents.items[i].hash));
	return sha256_hex(&session->arena, buf_str(&text));
}

const struct model *session_embedder(struct session *session)
{
	const struct model *embedder;
	struct error err = {0};

	if (!session->config.embedders_len)
		return NULL;
	embedder = models_find_embedder(&session->models, session->config.embedders[0].alias, &err);
	if (!embedder)
		log_warning("review", "findings are not merged by meaning: %s", err.message);
	return embedder;
}
