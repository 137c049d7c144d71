/* The files of a commit, and of the work tree, as sources. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/vec.h"
#include "source/git.h"
#include "source/repository.h"
#include "source/untracked.h"

struct file_list {
	VEC_FIELDS(struct source_file);
	struct arena *arena;
	git_repository *git;
};

static bool is_regular(unsigned mode)
{
	return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

static void add_file(struct file_list *list, struct str path, const git_oid *oid, unsigned mode)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), oid);
	VEC_PUSH(list, (struct source_file){.path = path,
					    .id = arena_str(list->arena, str_from(hex)),
					    .size = -1,
					    .mode = mode});
}

static int on_entry(const char *root, const git_tree_entry *entry, void *payload)
{
	struct file_list *list = payload;

	if (!is_regular(git_tree_entry_filemode(entry)))
		return 0;
	if (list->len >= SOURCE_FILES_MAX)
		return 1;
	add_file(list, arena_printf(list->arena, "%s%s", root, git_tree_entry_name(entry)),
		 git_tree_entry_id(entry), git_tree_entry_filemode(entry));
	return 0;
}

/* Moves the list into the tree, sorted. */
static void give(struct file_list *list, struct source_tree *tree)
{
	*tree = (struct source_tree){
		.files = ARENA_ARRAY(list->arena, struct source_file, list->len),
		.len = list->len,
		.truncated = list->len >= SOURCE_FILES_MAX,
	};
	if (list->len)
		memcpy(tree->files, list->items, list->len * sizeof(*tree->files));
	qsort(tree->files, tree->len, sizeof(*tree->files), source_file_compare);
	VEC_RELEASE(list);
}

static bool commit_tree(void *ctx, struct arena *arena, struct source_tree *tree, struct error *err)
{
	struct repository_commit *commit = ctx;
	struct file_list list = {.arena = arena};
	git_tree *git = NULL;
	int code;

	if (!git_tree_of(commit->repository, commit->commit, &git, err))
		return false;
	code = git_tree_walk(git, GIT_TREEWALK_PRE, on_entry, &list);
	git_tree_free(git);
	if (code < 0 && list.len < SOURCE_FILES_MAX) {
		VEC_RELEASE(&list);
		return git_fail(err, code, "list the files of a commit");
	}
	give(&list, tree);
	return true;
}

static bool read_blob(struct repository *repository, struct str id, size_t size_max,
		      struct buf *out, struct error *err)
{
	git_odb *database = NULL;
	git_blob *blob = NULL;
	git_object_t kind;
	git_oid oid;
	size_t size = 0;
	int code;

	if (!git_id(&oid, id, err))
		return false;
	/* Checks the size first: libgit2 reads a whole blob. */
	code = git_repository_odb(&database, repository->git);
	if (code == 0)
		code = git_odb_read_header(&size, &kind, database, &oid);
	git_odb_free(database);
	if (code == 0 && size > size_max)
		return error_set(err, ERROR_LIMIT, "a file of %zu bytes; at most %zu are read",
				 size, size_max);
	if (code == 0)
		code = git_blob_lookup(&blob, repository->git, &oid);
	if (code != 0)
		return git_fail(err, code, "blob is not in this repository");
	buf_add(out, str_of(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)));
	git_blob_free(blob);
	return true;
}

static bool commit_blob(void *ctx, struct str id, size_t size_max, struct buf *out,
			struct error *err)
{
	struct repository_commit *commit = ctx;

	return read_blob(commit->repository, id, size_max, out, err);
}

static const struct source_ops commit_ops = {.tree = commit_tree, .blob = commit_blob};

struct source source_from_commit(struct repository_commit *commit)
{
	return (struct source){.ops = &commit_ops, .ctx = commit};
}

/* ---- The work tree: an id is the path itself, since nothing of it is stored ---- */

static const char work_id[] = "worktree:";

static int on_status(const char *path, unsigned flags, void *payload)
{
	struct file_list *list = payload;

	if (flags & (GIT_STATUS_IGNORED | GIT_STATUS_WT_DELETED))
		return 0;
	/* Files that are not reviewed are not available to the tools of an agent either. */
	if ((flags & GIT_STATUS_WT_NEW) && untracked_is_secret(str_from(path)))
		return 0;
	if (list->len >= SOURCE_FILES_MAX)
		return 1;
	VEC_PUSH(list, (struct source_file){
			       .path = arena_str(list->arena, str_from(path)),
			       .id = arena_printf(list->arena, "%s%s", work_id, path),
			       .size = -1,
		       });
	return 0;
}

static bool work_tree(void *ctx, struct arena *arena, struct source_tree *tree, struct error *err)
{
	struct repository *repository = ctx;
	struct file_list list = {.arena = arena};
	git_status_options options = GIT_STATUS_OPTIONS_INIT;
	int code;

	options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
			GIT_STATUS_OPT_INCLUDE_UNMODIFIED | GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
	code = git_status_foreach_ext(repository->git, &options, on_status, &list);
	if (code < 0) {
		VEC_RELEASE(&list);
		return git_fail(err, code, "list the files of the work tree");
	}
	give(&list, tree);
	return true;
}

static bool work_blob(void *ctx, struct str id, size_t size_max, struct buf *out, struct error *err)
{
	struct repository *repository = ctx;
	const char *root = git_repository_workdir(repository->git);
	SCOPED(arena) struct arena arena = ARENA_INIT;
	const char *path = arena_text(&arena, str_skip(id, sizeof(work_id) - 1));

	if (!root || !str_starts(id, str_from(work_id)))
		return error_set(err, ERROR_NOT_FOUND, "\"%.*s\" is not a file of the work tree",
				 STR_ARG(id));
	return file_read_below(root, path, size_max, out, err);
}

static const struct source_ops work_ops = {.tree = work_tree, .blob = work_blob};

struct source source_from_worktree(struct repository *repository)
{
	return (struct source){.ops = &work_ops, .ctx = repository};
}
