/* Checks configuration and agents as a whole: reports every problem in one pass. */
#include "agent/check.h"

#include "agent/builtin.h"
#include "agent/config.h"
#include "agent/config_file.h"
#include "agent/config_read.h"
#include "agent/definition.h"
#include "agent/yaml_names.h"
#include "base/file.h"
#include "base/log.h"
#include "value/yaml.h"

enum { CHECKED_NAMES_MAX = 2000 };

/* The state of one pass. */
struct pass {
	struct arena arena;
	const struct check_request *request;
	struct problems *problems;
	struct source_tree tree;
	struct model_table table;
	struct config config;
	struct agents agents;
	size_t files;
	bool has_config;
};

static void pass_release(struct pass *pass)
{
	config_release(&pass->config);
	arena_release(&pass->arena);
}

static void PRINTF(3, 4) wrong(struct pass *pass, struct str file, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	problem_vadd(pass->problems, file, (struct position){0}, PROBLEM_ERROR, fmt, args);
	va_end(args);
}

/* The names of models and embedders, so that an agent may name them. */
static void keep_models(struct pass *pass, const struct value *models,
			const struct value *embedders)
{
	struct config *config = &pass->config;
	size_t len = value_len(models);

	config->models = ARENA_ARRAY(&pass->arena, struct model_config, len);
	for (size_t i = 0; value_is(models, VALUE_OBJECT) && i < models->object.len; i++)
		config->models[config->models_len++].alias = models->object.members[i].name;
	len = value_len(embedders);
	config->embedders = ARENA_ARRAY(&pass->arena, struct embedder_config, len);
	for (size_t i = 0; value_is(embedders, VALUE_OBJECT) && i < embedders->object.len; i++)
		config->embedders[config->embedders_len++].alias =
			embedders->object.members[i].name;
}

/* A configuration with errors still shows which agents to check, and which names they can use. */
static void keep_names(struct pass *pass, struct str text, struct str file)
{
	SCOPED(problems) struct problems known = {0};
	const struct value *root = yaml_read(&pass->arena, text, file, &known);
	const struct value *list = value_get(root, "agents");
	struct strings *names = &pass->config.agents;
	struct position *places;

	keep_models(pass, value_get(root, "models"), value_get(root, "embedders"));
	if (!value_is(list, VALUE_ARRAY))
		return;
	places = ARENA_ARRAY(&pass->arena, struct position, value_len(list));
	names->items = ARENA_ARRAY(&pass->arena, struct str, value_len(list));
	for (size_t i = 0; i < value_len(list); i++) {
		struct str name = value_as_string(value_at(list, i));

		if (!name.len)
			continue;
		places[names->len] = value_at(list, i)->at;
		names->items[names->len++] = name;
	}
	pass->config.agents_at = places;
	pass->config.file = file;
}

static void read_config(struct pass *pass, struct str text, struct str file)
{
	struct config_source source = {.text = text, .file = file, .table = &pass->table};

	pass->files++;
	pass->has_config = true;
	if (!config_read(&pass->arena, &source, pass->problems, &pass->config))
		keep_names(pass, text, file);
}

static void load_config(struct pass *pass)
{
	const struct check_request *request = pass->request;
	struct config_place place = {
		.arena = &pass->arena,
		.base = request->base,
		.tree = &pass->tree,
		.open = request->open,
		.open_ctx = request->open_ctx,
		.path = request->config,
	};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error err = {0};
	struct str file;

	if (!config_fetch(&place, &text, &file, &err))
		wrong(pass, request->config.len ? request->config : STR(CONFIG_PATH_DEFAULT), "%s",
		      err.message);
	else if (file.len)
		read_config(pass, buf_str(&text), file);
}

/* ---- Agents ---- */

static bool is_own_agent(struct str path)
{
	struct str name = str_skip(path, sizeof(AGENTS_FOLDER) - 1);

	return str_starts(path, STR(AGENTS_FOLDER)) && str_find_char(name, '/', 0) < 0 &&
	       file_is_yaml(name);
}

static bool names_own_agent(const struct strings *names, struct str path)
{
	return strings_have(names, file_stem(path));
}

static bool is_remote(struct str name)
{
	struct remote_path remote;

	return remote_path_parse(name, &remote);
}

static void add_names(const struct pass *pass, const struct str *items, size_t len,
		      struct strings *names)
{
	for (size_t i = 0; i < len && names->len < CHECKED_NAMES_MAX; i++) {
		if (strings_have(names, items[i]))
			continue;
		if (pass->request->open || !is_remote(items[i]))
			names->items[names->len++] = items[i];
		else
			log_notice("check",
				   "%.*s: not checked, because it is in another repository",
				   STR_ARG(items[i]));
	}
}

/* The agents that a run would use, and behind them those of the folder that it would not. */
static void list_agents(struct pass *pass, struct strings *names)
{
	const struct check_request *request = pass->request;
	const struct strings *given = request->agents.len ? &request->agents : &pass->config.agents;
	const struct tiers *tiers = &pass->config.tiers;
	const struct str *items = given->len ? given->items : builtin_pack;
	size_t len = given->len ? given->len : builtin_pack_len;

	names->items = ARENA_ARRAY(&pass->arena, struct str, CHECKED_NAMES_MAX);
	add_names(pass, items, len, names);
	add_names(pass, tiers->trivial.agents.items, tiers->trivial.agents.len, names);
	add_names(pass, tiers->sensitive.agents.items, tiers->sensitive.agents.len, names);
	for (size_t i = 0; i < pass->tree.len && names->len < CHECKED_NAMES_MAX; i++) {
		struct str path = pass->tree.files[i].path;

		if (is_own_agent(path) && !names_own_agent(names, path))
			names->items[names->len++] = path;
	}
}

static bool load_agents(struct pass *pass, struct error *err)
{
	struct strings names = {0};
	struct loader loader = {
		.arena = &pass->arena,
		.problems = pass->problems,
		.base = pass->request->base,
		.open = pass->request->open,
		.open_ctx = pass->request->open_ctx,
		.config = pass->request->agents.len ? NULL : &pass->config,
	};
	size_t errors = pass->problems->errors;
	bool ok;

	list_agents(pass, &names);
	ok = agents_load(&loader, &names, &pass->agents, err);
	pass->files += loader.files;
	if (!ok && pass->problems->errors == errors)
		return false;
	if (!config_check_agents(&pass->config, &pass->table, &loader.readable, pass->problems))
		log_debug("check", "the agents do not fit the configuration");
	return true;
}

bool check_run(const struct check_request *request, struct problems *problems, size_t *files,
	       struct error *err)
{
	SCOPED(pass) struct pass pass = {.request = request, .problems = problems};

	model_table_read(&pass.arena, &pass.table);
	if (!source_tree(request->base, &pass.arena, &pass.tree, err))
		return error_wrap(err, "list the repository's files");
	load_config(&pass);
	if (!load_agents(&pass, err))
		return false;
	*files = pass.files;
	return true;
}

/* ---- Files by themselves ---- */

static bool is_config(struct pass *pass, struct str text, struct str file)
{
	static const char *const keys[] = {"agents", "defaults", "embedders",
					   "ignore", "models",   "version"};
	SCOPED(problems) struct problems unused = {0};
	const struct value *tree = yaml_read(&pass->arena, text, file, &unused);

	if (str_ends(file, STR("outcrop.yml")) || str_ends(file, STR("outcrop.yaml")))
		return true;
	if (value_get(tree, "prompt"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		if (value_get(tree, keys[i]))
			return true;
	}
	return false;
}

static void check_file(struct pass *pass, struct str path)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct agent_source source = {.file = path, .name = file_stem(path)};
	struct agent *agent = &pass->agents.items[pass->agents.len];
	struct error err = {0};

	if (!file_read(arena_text(&pass->arena, path), YAML_SIZE_MAX, &text, &err)) {
		wrong(pass, path, "%s", err.message);
		return;
	}
	source.text = buf_str(&text);
	if (is_config(pass, source.text, path)) {
		read_config(pass, source.text, path);
		return;
	}
	pass->files++;
	if (agent_read(&pass->arena, &source, pass->problems, agent))
		pass->agents.len++;
}

bool check_files(const struct str *paths, size_t len, struct problems *problems, struct error *err)
{
	SCOPED(pass) struct pass pass = {.problems = problems};

	if (len > AGENTS_MAX)
		return error_set(err, ERROR_USAGE, "more than %d files", AGENTS_MAX);
	model_table_read(&pass.arena, &pass.table);
	pass.agents.items = ARENA_ARRAY(&pass.arena, struct agent, len);
	for (size_t i = 0; i < len; i++)
		check_file(&pass, paths[i]);
	if (pass.has_config &&
	    !config_check_agents(&pass.config, &pass.table, &pass.agents, problems))
		log_debug("check", "the agents do not fit the configuration");
	return true;
}

void check_add_sum(struct buf *out, const struct problems *problems, size_t files)
{
	size_t warnings = 0;

	for (size_t i = 0; i < problems->len; i++)
		warnings += problems->items[i].level == PROBLEM_WARNING;
	buf_addf(out, "checked %zu %s: %zu %s, %zu %s", files, files == 1 ? "file" : "files",
		 problems->errors, problems->errors == 1 ? "error" : "errors", warnings,
		 warnings == 1 ? "warning" : "warnings");
}
