/* Finds agents and reads them. */
#include "agent/load.h"

#include <string.h>

#include "agent/builtin.h"
#include "agent/definition.h"
#include "agent/yaml_names.h"
#include "base/glob.h"
#include "base/log.h"

/* ---- Names ---- */

bool remote_path_parse(struct str text, struct remote_path *remote)
{
	ptrdiff_t at = str_rfind_char(text, '@');
	struct str path = at < 0 ? STR_EMPTY : str_slice(text, 0, (size_t)at);
	ptrdiff_t owner = str_find_char(path, '/', 0);
	ptrdiff_t repository = owner < 0 ? -1 : str_find_char(path, '/', (size_t)owner + 1);

	if (owner <= 0 || repository < owner + 2 || (size_t)repository + 1 >= path.len ||
	    (size_t)at + 1 >= text.len || text.ptr[0] == '.')
		return false;
	*remote = (struct remote_path){
		.repository = str_slice(path, 0, (size_t)repository),
		.path = str_skip(path, (size_t)repository + 1),
		.ref = str_skip(text, (size_t)at + 1),
	};
	return true;
}

static bool is_glob(struct str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (strchr("*?[{", text.ptr[i]))
			return true;
	}
	return false;
}

static bool is_path(struct str text)
{
	return str_find_char(text, '/', 0) >= 0 || file_is_yaml(text) || is_glob(text);
}

/* ---- Collecting ---- */

struct agent_collection {
	struct loader *loader;
	struct agents agents; /* room for AGENTS_MAX once there is one */
};

/* The position of this name in the configuration's list; NULL: none. */
static const struct position *place_of(const struct config *config, struct str name)
{
	for (size_t i = 0; config && config->agents_at && i < config->agents.len; i++) {
		if (str_eq(config->agents.items[i], name))
			return &config->agents_at[i];
	}
	return NULL;
}

/*
 * A name in the list that cannot be followed: a problem at its place in the configuration, or without a line.
 * True: go on with the next.
 */
static bool PRINTF(3, 4)
	fail(struct agent_collection *collection, struct str what, const char *fmt, ...)
{
	const struct config *config = collection->loader->config;
	const struct position *place = place_of(config, what);
	SCOPED(buf) struct buf text = BUF_INIT;
	va_list args;

	if (place)
		buf_addf(&text, "agents: \"%.*s\": ", STR_ARG(what));
	va_start(args, fmt);
	buf_vaddf(&text, fmt, args);
	va_end(args);
	problem_add(collection->loader->problems, place ? config->file : what,
		    place ? *place : (struct position){0}, PROBLEM_ERROR, "%s", text.ptr);
	return true;
}

static bool has_file(const struct agent_collection *collection, struct str file)
{
	for (size_t i = 0; i < collection->agents.len; i++) {
		if (str_eq(collection->agents.items[i].file, file))
			return true;
	}
	return false;
}

/* Reads one definition; what is wrong with it goes to the problems. */
static void take(struct agent_collection *collection, const struct agent_source *source)
{
	struct loader *loader = collection->loader;
	struct agents *agents = &collection->agents;
	struct agent agent;

	if (has_file(collection, source->file))
		return;
	if (agents->len >= AGENTS_MAX) {
		fail(collection, source->file, "more than %d agents", AGENTS_MAX);
		return;
	}
	if (!agents->items) {
		agents->items = ARENA_ARRAY(loader->arena, struct agent, AGENTS_MAX);
		agents->broken.items = ARENA_ARRAY(loader->arena, struct str, AGENTS_MAX);
	}
	loader->files++;
	if (agent_read(loader->arena, source, loader->problems, &agent))
		agents->items[agents->len++] = agent;
	else if (agents->broken.len < AGENTS_MAX)
		agents->broken.items[agents->broken.len++] = arena_str(loader->arena, source->name);
}

static bool load_tree(struct loader *loader, struct error *err)
{
	if (loader->loaded || !loader->base)
		return true;
	if (!source_tree(loader->base, loader->arena, &loader->tree, err))
		return error_wrap(err, "list this repository's files at the base commit");
	loader->loaded = true;
	return true;
}

/* Where definitions are searched, and how messages name the place. */
struct shelf {
	const struct source *source;
	const struct source_tree *tree;
	struct str prefix; /* "OWNER/REPO/", or empty */
	struct str suffix; /* "@COMMIT", or empty */
};

static bool take_file(struct agent_collection *collection, const struct shelf *shelf,
		      const struct source_file *file, struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct agent_source source = {
		.file = arena_printf(collection->loader->arena, "%.*s%.*s%.*s",
				     STR_ARG(shelf->prefix), STR_ARG(file->path),
				     STR_ARG(shelf->suffix)),
		.name = file_stem(file->path),
	};

	if (!source_blob(shelf->source, file->id, AGENT_FILE_SIZE_MAX, &text, err)) {
		if (error_ends_work(err))
			return false;
		return fail(collection, source.file, "cannot be read: %s", err->message);
	}
	source.text = buf_str(&text);
	take(collection, &source);
	return true;
}

/* A path, or every YAML file that a glob matches. */
static bool take_path(struct agent_collection *collection, const struct shelf *shelf,
		      struct str path, struct error *err)
{
	struct str wanted = str_starts(path, STR("./")) ? str_skip(path, 2) : path;
	size_t count = 0;
	struct error why;

	if (is_glob(wanted) && !glob_check(wanted, &why))
		return fail(collection, path, "%s", why.message);
	for (size_t i = 0; i < shelf->tree->len; i++) {
		const struct source_file *file = &shelf->tree->files[i];

		if (is_glob(wanted) ? !file_is_yaml(file->path) || !glob_match(wanted, file->path)
				    : !str_eq(file->path, wanted))
			continue;
		count++;
		if (!take_file(collection, shelf, file, err))
			return false;
	}
	if (!count)
		return fail(
			collection, path, "%s",
			is_glob(wanted)
				? "no agent definition matches this pattern"
				: "no such file; paths begin at the root of the repository, and are read at the commit that the change starts from");
	return true;
}

/* ---- The three forms of a name ---- */

static bool take_remote(struct agent_collection *collection, struct str text,
			const struct remote_path *remote, struct error *err)
{
	struct loader *loader = collection->loader;
	struct opened_source opened = {0};
	struct source_tree tree = {0};
	struct shelf shelf = {.source = &opened.source, .tree = &tree};

	if (!loader->open)
		return fail(collection, text, "other repositories cannot be read in this run");
	if (!loader->open(loader->open_ctx, remote->repository, remote->ref, &opened, err)) {
		if (error_ends_work(err))
			return false;
		if (err->kind == ERROR_NOT_FOUND || err->kind == ERROR_DENIED)
			return fail(
				collection, text,
				"repository or ref not found, or the token may not read it: %s; set agents-token to a token with contents: read there (a secret that does not exist is empty)",
				err->message);
		return fail(collection, text, "%s", err->message);
	}
	if (!str_is_git_id(remote->ref))
		log_notice("agents", "%.*s: \"%.*s\" can move; today it is %.*s", STR_ARG(text),
			   STR_ARG(remote->ref), STR_ARG(opened.commit));
	if (!source_tree(&opened.source, loader->arena, &tree, err)) {
		if (error_ends_work(err))
			return false;
		return fail(collection, text, "its files cannot be listed: %s", err->message);
	}
	shelf.prefix = arena_printf(loader->arena, "%.*s/", STR_ARG(remote->repository));
	shelf.suffix = arena_printf(loader->arena, "@%.*s", STR_ARG(opened.commit));
	return take_path(collection, &shelf, remote->path, err);
}

static bool take_local(struct agent_collection *collection, struct str path, struct error *err)
{
	struct loader *loader = collection->loader;
	struct shelf shelf = {.source = loader->base, .tree = &loader->tree};

	if (!loader->base)
		return fail(collection, path, "there is no repository here to read agents from");
	return load_tree(loader, err) && take_path(collection, &shelf, path, err);
}

static bool unknown_name(struct agent_collection *collection, struct str name)
{
	struct loader *loader = collection->loader;
	struct str *names =
		ARENA_ARRAY(loader->arena, struct str, loader->tree.len + builtin_files_len);
	SCOPED(buf) struct buf known = BUF_INIT;
	struct str nearest;
	size_t len = 0;

	for (size_t i = 0; i < builtin_files_len; i++) {
		if (builtin_is_agent(&builtin_files[i]))
			names[len++] = file_stem(builtin_files[i].name);
	}
	for (size_t i = 0; i < len; i++)
		buf_addf(&known, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
	for (size_t i = 0; i < loader->tree.len; i++) {
		if (str_starts(loader->tree.files[i].path, STR(AGENTS_FOLDER)))
			names[len++] = file_stem(loader->tree.files[i].path);
	}
	nearest = str_nearest(name, names, len);
	if (nearest.len)
		return fail(collection, name, "no agent of this name; did you mean \"%.*s\"?",
			    STR_ARG(nearest));
	return fail(collection, name,
		    "no agent of this name: neither " AGENTS_FOLDER
		    "%.*s.yml nor one of those built in (%s)",
		    STR_ARG(name), known.ptr);
}

/* *found is false when there is neither a file nor a built-in agent of that name. */
static bool take_name(struct agent_collection *collection, struct str name, bool *found,
		      struct error *err)
{
	struct loader *loader = collection->loader;
	struct str path = arena_printf(loader->arena, AGENTS_FOLDER "%.*s.yml", STR_ARG(name));
	struct error absent = {0};
	struct str file_name = arena_printf(loader->arena, "%.*s.yml", STR_ARG(name));
	struct shelf shelf = {.source = loader->base, .tree = &loader->tree};
	const struct builtin_file *file = builtin_find(file_name);
	const struct source_file *own;

	*found = true;
	if (!load_tree(loader, err))
		return false;
	own = loader->loaded ? file_find_yaml(loader->arena, &loader->tree, path, &absent) : NULL;
	if (absent.kind == ERROR_CONFIG)
		return fail(collection, name, "%s", absent.message);
	if (own)
		return take_file(collection, &shelf, own, err);
	if (!file || !builtin_is_agent(file)) {
		*found = false;
		return true;
	}
	take(collection, &(struct agent_source){
				 .text = file->text,
				 .file = arena_printf(loader->arena, "builtin:%.*s", STR_ARG(name)),
				 .name = name,
			 });
	return true;
}

static bool take_entry(struct agent_collection *collection, struct str entry, struct error *err)
{
	struct remote_path remote;
	bool found;

	if (remote_path_parse(entry, &remote))
		return take_remote(collection, entry, &remote, err);
	if (str_starts(entry, STR("./")) && remote_path_parse(collection->loader->list, &remote)) {
		remote.path = str_skip(entry, 2);
		return take_remote(collection,
				   arena_printf(collection->loader->arena, "%.*s/%.*s@%.*s",
						STR_ARG(remote.repository), STR_ARG(remote.path),
						STR_ARG(remote.ref)),
				   &remote, err);
	}
	if (is_path(entry))
		return take_local(collection, entry, err);
	if (!take_name(collection, entry, &found, err))
		return false;
	return found || unknown_name(collection, entry);
}

/* ---- Needs ---- */

static bool has_agent(const struct agent_collection *collection, struct str name)
{
	if (strings_have(&collection->agents.broken, name))
		return true;
	for (size_t i = 0; i < collection->agents.len; i++) {
		if (str_eq(collection->agents.items[i].name, name))
			return true;
	}
	return false;
}

/* Loads what is needed and not in the list; agents_check() reports what is missing. */
static bool take_needs(struct agent_collection *collection, struct error *err)
{
	for (size_t i = 0; i < collection->agents.len; i++) {
		const struct agent *agent = &collection->agents.items[i];

		for (size_t j = 0; j < agent->needs.len; j++) {
			struct str need = agent->needs.items[j];
			bool found;

			if (has_agent(collection, need) || is_path(need))
				continue;
			if (!take_name(collection, need, &found, err))
				return false;
			if (found)
				log_notice("agents", "%.*s runs too: %.*s needs it", STR_ARG(need),
					   STR_ARG(agent->name));
		}
	}
	return true;
}

bool agents_load(struct loader *loader, const struct strings *names, struct agents *agents,
		 struct error *err)
{
	struct agent_collection collection = {.loader = loader};
	size_t errors = loader->problems->errors;
	const struct str *entries = names->len ? names->items : builtin_pack;
	size_t len = names->len ? names->len : builtin_pack_len;

	for (size_t i = 0; i < len; i++) {
		if (!take_entry(&collection, entries[i], err))
			return false;
	}
	if (!take_needs(&collection, err))
		return false;
	loader->readable = collection.agents;
	if (!agents_check(&collection.agents, loader->problems) ||
	    loader->problems->errors > errors)
		return problems_error(loader->problems, err);
	*agents = collection.agents;
	return true;
}
