/* Checks the files of a repository that libgit2 reads, before it opens them. */
#include "source/kinds.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base/common.h"
#include "base/file.h"

/* The limits are far above real sizes. */
enum {
	GIT_CONFIG_SIZE_MAX = 1 << 20,
	GIT_LIST_SIZE_MAX = 64 << 20,
	GIT_INDEX_SIZE_MAX = 1 << 30,
	INCLUDE_DEPTH_MAX = 10, /* libgit2 follows as many */
	FOLDER_LEVELS_MAX = 64,
	ENTRIES_MAX =
		500000, /* what is behind them is not checked: only Ctrl-C ends a wait there */
};

static bool check_kind(struct str path, off_t size_max, struct error *err)
{
	struct stat status;

	if (stat(path.ptr, &status) != 0 || S_ISDIR(status.st_mode))
		return true;
	if (!S_ISREG(status.st_mode))
		return error_set(err, ERROR_IO, "\"%s\" is not a regular file", path.ptr);
	if (status.st_size > size_max)
		return error_set(err, ERROR_LIMIT, "\"%s\": more than %lld bytes", path.ptr,
				 (long long)size_max);
	return true;
}

bool kinds_check_file(struct str path, struct error *err)
{
	return check_kind(path, GIT_INDEX_SIZE_MAX, err);
}

/* ---- Configuration ---- */

/* A path in a file of git: relative to the folder of that file. */
static struct str resolve(struct arena *arena, struct str folder, struct str path)
{
	if (str_starts(path, STR("/")))
		return arena_str(arena, path);
	return arena_printf(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(path));
}

/* The value of a line "KEY = VALUE" without its quotes; false for another key. */
static bool take_value(struct str line, struct str key, struct str *value)
{
	struct str name;

	if (!str_cut(line, STR("="), &name, value) || !str_eq_nocase(str_trim(name), key))
		return false;
	*value = str_trim(*value);
	if (value->len >= 2 && value->ptr[0] == '"' && str_ends(*value, STR("\"")))
		*value = str_slice(*value, 1, value->len - 2);
	return true;
}

/*
 * Checks the files that a configuration names, whatever section the line is in: another setting names
 * folders, or files that do not matter.
 */
static bool check_config(struct arena *arena, struct str path, int depth, struct error *err)
{
	static const struct str keys[] = {STR_INIT("path"), STR_INIT("excludesfile"),
					  STR_INIT("attributesfile")};
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error absent;
	struct str rest, line;

	if (!check_kind(path, GIT_CONFIG_SIZE_MAX, err))
		return false;
	if (depth >= INCLUDE_DEPTH_MAX || !file_read(path.ptr, GIT_CONFIG_SIZE_MAX, &text, &absent))
		return true;
	rest = buf_str(&text);
	while (str_next_line(&rest, &line, NULL)) {
		ptrdiff_t section = str_rfind_char(line, ']'); /* a key may follow on its line */
		struct str value;

		line = section >= 0 && str_starts(str_trim(line), STR("["))
			       ? str_skip(line, (size_t)section + 1)
			       : line;
		for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
			struct str file;

			if (!take_value(line, keys[i], &value) || !value.len)
				continue;
			file = resolve(arena, str_folder(path), value);
			if (i ? !check_kind(file, GIT_LIST_SIZE_MAX, err)
			      : !check_config(arena, file, depth + 1, err))
				return false;
		}
	}
	return true;
}

/* ---- Folders ---- */

struct kinds_walk {
	struct arena *arena;
	bool refs; /* each file counts, else only those that git reads in a work tree */
	size_t entries;
	struct error *err;
};

static bool is_read(const struct kinds_walk *walk, struct str name)
{
	static const struct str names[] = {STR_INIT(".gitattributes"), STR_INIT(".gitignore"),
					   STR_INIT(".gitmodules")};

	for (size_t i = 0; i < ARRAY_LEN(names) && !walk->refs; i++) {
		if (str_eq(name, names[i]))
			return true;
	}
	return walk->refs;
}

static bool walk_folder(struct kinds_walk *walk, struct str path, int depth);

static bool walk_entry(struct kinds_walk *walk, struct str path, const struct dirent *entry,
		       int depth)
{
	struct str name = str_from(entry->d_name);
	bool is_folder = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
	bool is_repository = !walk->refs && str_eq(name, STR(".git"));
	struct str below;

	if (str_eq(name, STR(".")) || str_eq(name, STR("..")) ||
	    (!is_folder && !is_repository && !is_read(walk, name)))
		return true;
	below = arena_printf(walk->arena, "%.*s/%s", STR_ARG(path), entry->d_name);
	if (is_repository) /* of a submodule; that of the work tree itself is checked by its name */
		return !depth || kinds_check(walk->arena, below, walk->err);
	if (is_read(walk, name) && !check_kind(below, GIT_CONFIG_SIZE_MAX, walk->err))
		return false;
	return !is_folder || walk_folder(walk, below, depth + 1);
}

static bool walk_folder(struct kinds_walk *walk, struct str path, int depth)
{
	DIR *folder = depth < FOLDER_LEVELS_MAX ? opendir(path.ptr) : NULL;
	struct dirent *entry;
	bool ok = true;

	while (ok && folder && walk->entries++ < ENTRIES_MAX && (entry = readdir(folder)) != NULL)
		ok = walk_entry(walk, path, entry, depth);
	if (folder)
		closedir(folder);
	return ok;
}

bool kinds_check_worktree(struct arena *arena, struct str root, struct error *err)
{
	struct kinds_walk walk = {.arena = arena, .err = err};

	return walk_folder(&walk, root, 0);
}

/* ---- The folder of a repository ---- */

/* The folder that a file of one line names: ".git" of a linked work tree, "commondir". */
static bool read_link(struct arena *arena, struct str file, struct str start, struct str *folder)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct error absent;
	struct str line;

	if (!file_read(file.ptr, GIT_CONFIG_SIZE_MAX, &text, &absent))
		return false;
	line = str_trim(buf_str(&text));
	if (!str_starts(line, start))
		return false;
	*folder = resolve(arena, str_folder(file), str_trim(str_skip(line, start.len)));
	return true;
}

static bool check_folder(struct arena *arena, struct str files, struct error *err)
{
	static const struct {
		const char *name;
		off_t size_max;
	} rows[] = {
		{"HEAD", GIT_CONFIG_SIZE_MAX},
		{"commondir", GIT_CONFIG_SIZE_MAX},
		{"gitdir", GIT_CONFIG_SIZE_MAX},
		{"FETCH_HEAD", GIT_LIST_SIZE_MAX},
		{"MERGE_HEAD", GIT_CONFIG_SIZE_MAX},
		{"ORIG_HEAD", GIT_CONFIG_SIZE_MAX},
		{"shallow", GIT_LIST_SIZE_MAX},
		{"info/grafts", GIT_LIST_SIZE_MAX},
		{"info/exclude", GIT_LIST_SIZE_MAX},
		{"info/attributes", GIT_LIST_SIZE_MAX},
		{"objects/info/alternates", GIT_CONFIG_SIZE_MAX},
		{"objects/info/commit-graph", GIT_INDEX_SIZE_MAX},
		{"index", GIT_INDEX_SIZE_MAX},
		{"packed-refs", GIT_INDEX_SIZE_MAX},
	};
	static const char *const configs[] = {"config", "config.worktree"};
	struct kinds_walk walk = {.arena = arena, .refs = true, .err = err};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str path = arena_printf(arena, "%.*s/%s", STR_ARG(files), rows[i].name);

		if (!check_kind(path, rows[i].size_max, err))
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(configs); i++) {
		struct str path = arena_printf(arena, "%.*s/%s", STR_ARG(files), configs[i]);

		if (!check_config(arena, path, 0, err))
			return false;
	}
	return walk_folder(&walk, arena_printf(arena, "%.*s/refs", STR_ARG(files)), 0);
}

bool kinds_check(struct arena *arena, struct str files, struct error *err)
{
	struct str folder = files;
	struct str common;

	if (!check_kind(files, GIT_CONFIG_SIZE_MAX, err))
		return false;
	(void)read_link(arena, files, STR("gitdir:"), &folder);
	if (!check_folder(arena, folder, err))
		return false;
	return !read_link(arena, arena_printf(arena, "%.*s/commondir", STR_ARG(folder)), STR_EMPTY,
			  &common) ||
	       check_folder(arena, common, err);
}
