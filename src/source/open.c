/* Opens the local object database, and the user's repository. */
#include <git2/sys/repository.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "source/git.h"
#include "source/kinds.h"
#include "source/loose.h"
#include "source/repository.h"

enum { ALTERNATES_SIZE_MAX = 1 << 20, ALTERNATES_DEPTH_MAX = 5, ALTERNATES_MAX = 20 };

/*
 * Extensions that do not change how objects are read; a missing object is an error as any other.
 * check_format() checks the values of "objectformat" and "refstorage".
 */
static const char *const extensions[] = {
	"compatobjectformat", "noop-v1",    "objectformat",      "partialclone",
	"preciousobjects",    "refstorage", "relativeworktrees", "submodulepathconfig",
	"worktreeconfig",
};

/* `personal`: the configuration of the system and the user applies, as in git. */
static void start_library(bool personal)
{
	static const git_config_level_t levels[] = {GIT_CONFIG_LEVEL_SYSTEM,
						    GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG,
						    GIT_CONFIG_LEVEL_PROGRAMDATA};

	git_libgit2_init();
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], personal ? NULL : "");
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, personal ? 1 : 0);
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, ARRAY_LEN(extensions));
}

void repository_free(struct repository *repository)
{
	if (!repository)
		return;
	git_repository_free(repository->git);
	arena_release(&repository->arena);
	free(repository);
	git_libgit2_shutdown();
}

/* ---- Objects only ---- */

static bool is_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* A repository that has only objects: libgit2 finds no configuration, index, references or work tree. */
static int wrap_objects(struct repository *repository, git_odb *objects)
{
	git_config *config = NULL;
	git_index *index = NULL;
	int code = git_repository_wrap_odb(&repository->git, objects);

	if (code == 0)
		code = git_config_new(&config);
	if (code == 0)
		code = git_repository_set_config(repository->git, config);
	if (code == 0)
		code = git_index_new(&index);
	if (code == 0)
		code = git_repository_set_index(repository->git, index);
	git_index_free(index);
	git_config_free(config);
	return code;
}

struct repository *repository_open(const char *path, struct error *err)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const char *folder = arena_printf(&arena, "%s/.git/objects", path).ptr;
	struct repository *repository;
	git_odb *objects;
	int code;

	if (!is_folder(arena_printf(&arena, "%s/.git", path).ptr))
		folder = arena_printf(&arena, "%s/objects", path).ptr;
	if (!is_folder(folder)) {
		error_set(err, ERROR_NOT_FOUND, "no git objects in \"%s\"", path);
		return NULL;
	}
	/* Only now, because libgit2 reads all certificates of the system when it starts. */
	start_library(false);
	repository = NEW(struct repository);
	objects = objects_open(folder, err);
	if (objects) {
		code = wrap_objects(repository, objects);
		git_odb_free(objects);
		if (code == 0)
			return repository;
		git_fail(err, code, path);
	}
	repository_free(repository);
	return NULL;
}

/* ---- A person's repository ---- */

/* The location of a repository. */
struct found {
	struct str root; /* of the work tree, or of a bare repository; empty: none found */
	struct str
		files; /* where HEAD and configuration are: root/.git, a file or folder, or root */
	bool by_name;  /* GIT_DIR names it: root is that folder */
};

/* A repository folder, as git recognizes it; ".git" belongs to the work tree above it. */
static bool is_bare(struct arena *arena, struct str folder)
{
	static const char *const names[] = {"objects", "refs"};
	struct stat status;

	if (str_ends(folder, STR("/.git")) ||
	    lstat(arena_printf(arena, "%.*s/HEAD", STR_ARG(folder)).ptr, &status) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (!is_folder(arena_printf(arena, "%.*s/%s", STR_ARG(folder), names[i]).ptr))
			return false;
	}
	return true;
}

/* Searches from `path` upwards. */
static struct found find_root(struct arena *arena, const char *path)
{
	char *start = realpath(path, NULL);
	struct str folder = start ? arena_str(arena, str_from(start)) : STR_EMPTY;

	free(start);
	while (folder.len) {
		struct str files = arena_printf(arena, "%.*s/.git", STR_ARG(folder));
		struct stat status;

		if (lstat(files.ptr, &status) == 0)
			return (struct found){arena_str(arena, folder), files, false};
		if (is_bare(arena, folder)) {
			folder = arena_str(arena, folder);
			return (struct found){folder, folder, false};
		}
		folder = str_folder(folder);
	}
	return (struct found){0};
}

/*
 * Adds the objects that git clone --reference borrows; the repository is the user's, so its paths
 * are trusted too.
 */
static bool add_alternates(git_odb *objects, struct arena *arena, struct str folder, int depth,
			   struct error *err)
{
	SCOPED(buf) struct buf text = BUF_INIT;
	struct str path = arena_printf(arena, "%.*s/info/alternates", STR_ARG(folder));
	struct error absent;
	struct str rest;
	struct str line;
	int count = 0;

	if (!file_read(path.ptr, ALTERNATES_SIZE_MAX, &text, &absent))
		return true;
	if (depth >= ALTERNATES_DEPTH_MAX)
		return error_set(err, ERROR_LIMIT, "\"%s\": more than %d levels", path.ptr,
				 ALTERNATES_DEPTH_MAX);
	rest = buf_str(&text);
	while (str_next_line(&rest, &line, NULL)) {
		struct str other = line;

		if (!line.len || line.ptr[0] == '#')
			continue;
		if (++count > ALTERNATES_MAX)
			return error_set(err, ERROR_LIMIT, "\"%s\": more than %d lines", path.ptr,
					 ALTERNATES_MAX);
		if (line.ptr[0] != '/')
			other = arena_printf(arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(line));
		other = arena_str(arena, other);
		if (!objects_add(objects, other.ptr, err) ||
		    !add_alternates(objects, arena, other, depth + 1, err))
			return error_wrap(err, "\"%s\"", path.ptr);
	}
	return true;
}

/* Makes the repository read its objects through the careful reader. */
static bool use_objects(struct repository *repository, struct arena *arena, struct error *err)
{
	struct str folder =
		arena_printf(arena, "%sobjects", git_repository_commondir(repository->git));
	git_odb *objects = objects_open(folder.ptr, err);
	int code;

	if (!objects)
		return false;
	if (!add_alternates(objects, arena, folder, 0, err)) {
		git_odb_free(objects);
		return false;
	}
	code = git_repository_set_odb(repository->git, objects);
	git_odb_free(objects);
	return code == 0 || git_fail(err, code, folder.ptr);
}

/* core.worktree can only name the folder in which the repository was found, as for submodules. */
static bool check_workdir(struct repository *repository, struct str root, struct error *err)
{
	const char *workdir = git_repository_workdir(repository->git);
	char *real = workdir ? realpath(workdir, NULL) : NULL;
	bool same = !workdir || (real && str_eq(str_from(real), root));

	free(real);
	return same ||
	       error_set(
		       err, ERROR_IO,
		       "core.worktree of its configuration names another folder, \"%s\": run outcrop there, or remove the setting",
		       workdir);
}

static bool is_partial(struct repository *repository)
{
	git_config *config = NULL;
	git_config_iterator *entries = NULL;
	git_config_entry *entry;
	bool partial = false;

	if (git_repository_config_snapshot(&config, repository->git) == 0 &&
	    git_config_iterator_glob_new(&entries, config, "^remote\\..*\\.promisor$") == 0)
		partial = git_config_next(&entry, entries) == 0;
	git_config_iterator_free(entries);
	git_config_free(config);
	return partial;
}

static bool last_message_has(struct str words)
{
	const git_error *last = git_error_last();

	return last && last->message && str_contains(str_from(last->message), words);
}

/* Without any safe.directory libgit2 1.5 reports only that the setting is missing. */
static bool is_owner_error(int code)
{
	return code == GIT_EOWNER || (code != 0 && last_message_has(STR("safe.directory")));
}

/* From version 1.7 on libgit2 judges the format of objects itself. */
static bool is_object_format_error(int code)
{
	return code != 0 && last_message_has(STR("object format"));
}

static bool fail_object_ids(struct error *err)
{
	return error_set(err, ERROR_IO,
			 "its objects have SHA-256 ids, and libgit2 reads SHA-1 ids only");
}

/* libgit2 reads a repository with an extension that was enabled as one in git's first format. */
static bool check_format(struct repository *repository, struct error *err)
{
	git_config *config = NULL;
	const char *value;
	bool ok = true;

	if (git_repository_config_snapshot(&config, repository->git) != 0)
		return true;
	if (git_config_get_string(&value, config, "extensions.objectformat") == 0 &&
	    strcmp(value, "sha1") != 0)
		ok = fail_object_ids(err);
	else if (git_config_get_string(&value, config, "extensions.refstorage") == 0 &&
		 strcmp(value, "files") != 0)
		ok = error_set(
			err, ERROR_IO,
			"its branches are stored as \"%s\", and libgit2 reads only files: git refs migrate --ref-format=files converts them",
			value);
	git_config_free(config);
	return ok;
}

static bool open_personal(struct repository *repository, struct arena *arena,
			  const struct found *found, struct error *err)
{
	struct str root = found->root;
	int code;

	if (!kinds_check(arena, found->files, err) ||
	    (!str_eq(root, found->files) && !kinds_check_worktree(arena, root, err)))
		return false;
	code = git_repository_open_ext(&repository->git, root.ptr, GIT_REPOSITORY_OPEN_NO_SEARCH,
				       NULL);
	if (is_owner_error(code))
		return error_set(
			err, ERROR_DENIED,
			"it belongs to another user: if you trust it: git config --global --add safe.directory %s",
			root.ptr);
	if (is_object_format_error(code))
		return fail_object_ids(err);
	if (code != 0) {
		git_fail(err, code, "libgit2 cannot open it");
		err->kind = ERROR_IO;
		return false;
	}
	if (!check_format(repository, err) ||
	    (!found->by_name && !check_workdir(repository, root, err)) ||
	    !use_objects(repository, arena, err))
		return false;
	repository->partial = is_partial(repository);
	return true;
}

/* The path in a variable, relative to the folder where the search starts. */
static struct str resolve(struct arena *arena, const char *path, struct str name)
{
	if (!name.len || name.ptr[0] == '/')
		return arena_str(arena, name);
	return arena_printf(arena, "%s/%.*s", path, STR_ARG(name));
}

/* Makes the repository read the index that git names; libgit2 reads it completely. */
static bool use_index(struct repository *repository, struct str file, struct error *err)
{
	git_index *index = NULL;
	int code;

	if (!kinds_check_file(file, err))
		return error_wrap(err, "GIT_INDEX_FILE");
	code = git_index_open(&index, file.ptr);
	if (code == 0)
		code = git_repository_set_index(repository->git, index);
	git_index_free(index);
	return code == 0 || git_fail(err, code, "GIT_INDEX_FILE");
}

static bool use_environment(struct repository *repository, struct arena *arena, const char *path,
			    const struct git_environment *environment, struct error *err)
{
	struct str tree = resolve(arena, path, environment->work_tree);
	struct str index = resolve(arena, path, environment->index_file);
	int code;

	if (tree.len && !kinds_check_worktree(arena, tree, err))
		return error_wrap(err, "GIT_WORK_TREE");
	code = tree.len ? git_repository_set_workdir(repository->git, tree.ptr, 0) : 0;
	if (code != 0)
		return git_fail(err, code, "GIT_WORK_TREE");
	return !index.len || use_index(repository, index, err);
}

struct repository *repository_discover(const char *path, const struct git_environment *environment,
				       struct error *err)
{
	static const struct git_environment none;
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct repository *repository;
	struct found found;

	if (!environment)
		environment = &none;
	found.root = found.files = resolve(&arena, path, environment->dir);
	found.by_name = found.root.len > 0;
	if (!found.by_name)
		found = find_root(&arena, path);
	if (!found.root.len) {
		error_set(err, ERROR_NOT_FOUND, "no git repository here");
		return NULL;
	}
	repository = NEW(struct repository);
	start_library(true);
	if (open_personal(repository, &arena, &found, err) &&
	    use_environment(repository, &arena, path, environment, err))
		return repository;
	repository_free(repository);
	error_wrap(err, "the git repository \"%s\"", found.root.ptr);
	error_append(err,
		     "; this works in each repository: git diff BASE | outcrop review --diff -");
	return NULL;
}
