/* Commits of the emulator's repository, made of folders or of given files, by libgit2. */
#include <dirent.h>
#include <git2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "hub_repo.h"

enum { FILE_SIZE_MAX = 64 << 20, DEPTH_MAX = 32, PATH_SIZE = 4096 };

static bool add_blob(struct hub_repo *repo, git_treebuilder *builder, const char *path,
		     const char *name, unsigned mode, struct error *err)
{
	SCOPED(buf) struct buf bytes = BUF_INIT;
	git_oid oid;
	git_filemode_t kind = mode & 0111 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;

	if (!file_read(path, FILE_SIZE_MAX, &bytes, err))
		return false;
	if (git_blob_create_from_buffer(&oid, repo->git, bytes.ptr, bytes.len) != 0 ||
	    git_treebuilder_insert(NULL, builder, name, &oid, kind) != 0)
		return hub_repo_fail(err, path);
	return true;
}

/* A link is a blob that holds where it points to. */
static bool add_link(struct hub_repo *repo, git_treebuilder *builder, const char *path,
		     const char *name, struct error *err)
{
	char target[PATH_SIZE];
	ssize_t len = readlink(path, target, sizeof(target));
	git_oid oid;

	if (len < 0)
		return error_errno(err, "%s", path);
	if (git_blob_create_from_buffer(&oid, repo->git, target, (size_t)len) != 0 ||
	    git_treebuilder_insert(NULL, builder, name, &oid, GIT_FILEMODE_LINK) != 0)
		return hub_repo_fail(err, path);
	return true;
}

/* As in a work tree, a folder with a file ".git" is a submodule; here the file contains its commit. */
static bool is_submodule(const char *path)
{
	char file[PATH_SIZE];
	struct stat info;

	return snprintf(file, sizeof(file), "%s/.git", path) < (int)sizeof(file) &&
	       lstat(file, &info) == 0 && S_ISREG(info.st_mode);
}

static bool add_submodule(git_treebuilder *builder, const char *path, const char *name,
			  struct error *err)
{
	SCOPED(buf) struct buf file = BUF_INIT;
	SCOPED(buf) struct buf bytes = BUF_INIT;
	struct str id;
	git_oid oid;

	buf_addf(&file, "%s/.git", path);
	if (!file_read(file.ptr, PATH_SIZE, &bytes, err))
		return false;
	id = str_trim(buf_str(&bytes));
	return (id.len == GIT_OID_HEXSZ && git_oid_fromstrn(&oid, id.ptr, id.len) == 0 &&
		git_treebuilder_insert(NULL, builder, name, &oid, GIT_FILEMODE_COMMIT) == 0) ||
	       hub_repo_fail(err, file.ptr);
}

static bool write_tree(struct hub_repo *repo, const char *path, int depth, git_oid *tree,
		       struct error *err);

static bool add_entry(struct hub_repo *repo, git_treebuilder *builder, const char *folder,
		      const char *name, int depth, struct error *err)
{
	char path[PATH_SIZE];
	struct stat info;
	git_oid oid;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (lstat(path, &info) != 0)
		return error_errno(err, "%s", path);
	if (S_ISREG(info.st_mode))
		return add_blob(repo, builder, path, name, info.st_mode, err);
	if (S_ISLNK(info.st_mode))
		return add_link(repo, builder, path, name, err);
	if (!S_ISDIR(info.st_mode))
		return true;
	if (is_submodule(path))
		return add_submodule(builder, path, name, err);
	if (!write_tree(repo, path, depth + 1, &oid, err))
		return false;
	return git_treebuilder_insert(NULL, builder, name, &oid, GIT_FILEMODE_TREE) == 0 ||
	       hub_repo_fail(err, path);
}

static bool write_tree(struct hub_repo *repo, const char *path, int depth, git_oid *tree,
		       struct error *err)
{
	git_treebuilder *builder = NULL;
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool ok = true;

	if (!folder)
		return error_errno(err, "%s", path);
	if (depth > DEPTH_MAX || git_treebuilder_new(&builder, repo->git, NULL) != 0)
		ok = hub_repo_fail(err, path);
	while (ok && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			ok = add_entry(repo, builder, path, entry->d_name, depth, err);
	}
	closedir(folder);
	if (ok && git_treebuilder_write(tree, builder) != 0)
		ok = hub_repo_fail(err, path);
	git_treebuilder_free(builder);
	return ok;
}

/* Commits that tree on top of `parent`. */
static bool commit_tree(struct hub_repo *repo, const git_oid *tree_id, struct str parent,
			struct arena *arena, struct str *commit, struct error *err)
{
	git_signature *who = NULL;
	git_commit *before = NULL;
	const git_commit *parents[1];
	git_tree *tree = NULL;
	git_oid id;
	bool ok;

	if (parent.len && !hub_repo_find(repo, parent, &before))
		return hub_repo_fail(err, "the parent commit");
	parents[0] = before;
	ok = git_tree_lookup(&tree, repo->git, tree_id) == 0 &&
	     git_signature_new(&who, "Author", "author@example.invalid", 1700000000, 0) == 0 &&
	     git_commit_create(&id, repo->git, NULL, who, who, NULL, "change\n", tree,
			       before ? 1 : 0, parents) == 0;
	if (ok)
		*commit = hub_repo_id(arena, &id);
	else
		hub_repo_fail(err, "commit");
	git_signature_free(who);
	git_tree_free(tree);
	git_commit_free(before);
	return ok;
}

bool hub_repo_commit(struct hub_repo *repo, const char *folder, struct str parent,
		     struct arena *arena, struct str *commit, struct error *err)
{
	git_oid tree;

	return write_tree(repo, folder, 0, &tree, err) &&
	       commit_tree(repo, &tree, parent, arena, commit, err);
}

static bool add_given(struct hub_repo *repo, git_index *index, const struct member *member)
{
	SCOPED(arena) struct arena arena = ARENA_INIT;
	struct str text = value_as_string(member->value);
	git_index_entry entry = {.mode = GIT_FILEMODE_BLOB,
				 .path = arena_text(&arena, member->name)};

	return git_blob_create_from_buffer(&entry.id, repo->git, text.len ? text.ptr : "",
					   text.len) == 0 &&
	       git_index_add(index, &entry) == 0;
}

bool hub_repo_commit_given(struct hub_repo *repo, const struct value *files, struct str parent,
			   struct arena *arena, struct str *commit, struct error *err)
{
	git_index *index = NULL;
	git_oid tree;
	bool ok = git_index_new(&index) == 0;

	for (size_t i = 0; ok && i < value_len(files); i++)
		ok = add_given(repo, index, &files->object.members[i]);
	ok = ok && git_index_write_tree_to(&tree, index, repo->git) == 0;
	git_index_free(index);
	return ok ? commit_tree(repo, &tree, parent, arena, commit, err)
		  : hub_repo_fail(err, "write the given files");
}
