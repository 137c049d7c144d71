/* The configuration file. */
#include "agent/config_file.h"

#include "agent/config.h"
#include "agent/yaml_names.h"
#include "base/log.h"
#include "value/yaml.h"

static bool fetch_remote(const struct config_place *place, const struct remote_path *remote,
			 struct buf *text, struct error *err)
{
	struct opened_source opened = {0};
	struct source_tree tree = {0};

	if (!place->open)
		return error_set(err, ERROR_CONFIG, "other repositories cannot be read here");
	return place->open(place->open_ctx, remote->repository, remote->ref, &opened, err) &&
	       source_tree(&opened.source, place->arena, &tree, err) &&
	       source_read(&opened.source, &tree, remote->path, YAML_SIZE_MAX, text, err);
}

static bool fetch_local(const struct config_place *place, bool is_default, struct str *path,
			struct buf *text, struct error *err)
{
	struct source_tree listed = {0};
	const struct source_tree *tree = place->tree ? place->tree : &listed;
	const struct source_file *file;

	if (!place->base)
		return error_set(err, ERROR_NOT_FOUND, "no repository to read it from");
	if (!place->tree && !source_tree(place->base, place->arena, &listed, err))
		return false;
	if (is_default) {
		file = file_find_yaml(place->arena, tree, *path, err);
		if (!file)
			return false;
		*path = file->path;
	}
	return source_read(place->base, tree, *path, YAML_SIZE_MAX, text, err);
}

bool config_fetch(const struct config_place *place, struct buf *text, struct str *file,
		  struct error *err)
{
	bool is_default = !place->path.len || str_eq(place->path, STR(CONFIG_PATH_DEFAULT));
	struct str path = is_default ? STR(CONFIG_PATH_DEFAULT) : place->path;
	struct remote_path remote;
	bool is_remote = remote_path_parse(path, &remote);
	bool ok;

	if (is_remote)
		ok = fetch_remote(place, &remote, text, err);
	else
		ok = fetch_local(place, is_default, &path, text, err);
	*file = ok ? arena_str(place->arena, path) : STR_EMPTY;
	if (ok || (is_default && err->kind == ERROR_NOT_FOUND))
		return true;
	if (err->kind == ERROR_NOT_FOUND && !is_remote)
		return error_set(err, ERROR_CONFIG,
				 "configuration \"%.*s\": %s: add it, or correct %s", STR_ARG(path),
				 log_setting("no such file at the base commit", "no such file"),
				 log_setting("the input \"config\"", "--config"));
	if (err->kind == ERROR_NOT_FOUND)
		err->kind = ERROR_CONFIG;
	return error_wrap(err, "configuration \"%.*s\"", STR_ARG(path));
}
