/* The emulator's repository: commits made of folders, by libgit2. */
#include "hub_repo.h"

#include <dirent.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { FILE_SIZE_MAX = 64 << 20, DEPTH_MAX = 32, PATH_SIZE = 4096 };

struct hub_repo {
	git_repository *git;
	char path[64];
};

static bool fail(struct error *err, const char *what)
{
	const git_error *last = git_error_last();

	return error_set(err, ERROR_IO, "%s: %s", what, last ? last->message : "libgit2 failed");
}

struct hub_repo *hub_repo_new(struct error *err)
{
	struct hub_repo *repo = NEW(struct hub_repo);

	git_libgit2_init();
	snprintf(repo->path, sizeof(repo->path), "/tmp/outcrop-emulator-XXXXXX");
	if (!mkdtemp(repo->path) || git_repository_init(&repo->git, repo->path, 1) != 0) {
		fail(err, "make a repository");
		hub_repo_free(repo);
		return NULL;
	}
	return repo;
}

static void remove_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	char child[PATH_SIZE];

	while (folder && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(child, sizeof(child), "%s/%s", path, entry->d_name);
		if (entry->d_type == DT_DIR)
			remove_folder(child);
		else
			unlink(child);
	}
	if (folder)
		closedir(folder);
	rmdir(path);
}

void hub_repo_free(struct hub_repo *repo)
{
	if (!repo)
		return;
	git_repository_free(repo->git);
	remove_folder(repo->path);
	git_libgit2_shutdown();
	free(repo);
}

static struct str id_text(struct arena *arena, const git_oid *oid)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), oid);
	return arena_str(arena, str_from(hex));
}

/* ---- Writing ---- */

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
		return fail(err, path);
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
		return fail(err, path);
	return true;
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
	if (!write_tree(repo, path, depth + 1, &oid, err))
		return false;
	return git_treebuilder_insert(NULL, builder, name, &oid, GIT_FILEMODE_TREE) == 0 ||
	       fail(err, path);
}

static bool write_tree(struct hub_repo *repo, const char *path, int depth, git_oid *tree,
		       struct error *err)
{
	git_treebuilder *builder = NULL;
	DIR *folder = opendir(path);
	struct dirent *entry;
	bool good = true;

	if (!folder)
		return error_errno(err, "%s", path);
	if (depth > DEPTH_MAX || git_treebuilder_new(&builder, repo->git, NULL) != 0)
		good = fail(err, path);
	while (good && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			good = add_entry(repo, builder, path, entry->d_name, depth, err);
	}
	closedir(folder);
	if (good && git_treebuilder_write(tree, builder) != 0)
		good = fail(err, path);
	git_treebuilder_free(builder);
	return good;
}

static bool find_commit(struct hub_repo *repo, struct str id, git_commit **commit)
{
	git_oid oid;

	return id.len == GIT_OID_HEXSZ && git_oid_fromstrn(&oid, id.ptr, id.len) == 0 &&
	       git_commit_lookup(commit, repo->git, &oid) == 0;
}

bool hub_repo_commit(struct hub_repo *repo, const char *folder, struct str parent,
		     struct arena *arena, struct str *commit, struct error *err)
{
	git_signature *who = NULL;
	git_commit *before = NULL;
	const git_commit *parents[1];
	git_tree *tree = NULL;
	git_oid tree_id;
	git_oid id;
	bool good;

	if (!write_tree(repo, folder, 0, &tree_id, err))
		return false;
	if (parent.len && !find_commit(repo, parent, &before))
		return fail(err, "the parent commit");
	parents[0] = before;
	good = git_tree_lookup(&tree, repo->git, &tree_id) == 0 &&
	       git_signature_new(&who, "Author", "author@example.invalid", 1700000000, 0) == 0 &&
	       git_commit_create(&id, repo->git, NULL, who, who, NULL, "change\n", tree,
				 before ? 1 : 0, parents) == 0;
	if (good)
		*commit = id_text(arena, &id);
	else
		fail(err, "commit");
	git_signature_free(who);
	git_tree_free(tree);
	git_commit_free(before);
	return good;
}

/* ---- Reading ---- */

static git_tree *tree_of(struct hub_repo *repo, struct str commit)
{
	git_commit *found = NULL;
	git_tree *tree = NULL;

	if (find_commit(repo, commit, &found) && git_commit_tree(&tree, found) != 0)
		tree = NULL;
	git_commit_free(found);
	return tree;
}

bool hub_repo_has(struct hub_repo *repo, struct str commit)
{
	git_commit *found = NULL;
	bool has = find_commit(repo, commit, &found);

	git_commit_free(found);
	return has;
}

static git_diff *diff_of(struct hub_repo *repo, struct str old_commit, struct str new_commit)
{
	git_diff_find_options find = GIT_DIFF_FIND_OPTIONS_INIT;
	git_tree *old_tree = tree_of(repo, old_commit);
	git_tree *new_tree = tree_of(repo, new_commit);
	git_diff *diff = NULL;

	find.flags = GIT_DIFF_FIND_RENAMES;
	if (old_tree && new_tree &&
	    git_diff_tree_to_tree(&diff, repo->git, old_tree, new_tree, NULL) == 0)
		git_diff_find_similar(diff, &find);
	git_tree_free(old_tree);
	git_tree_free(new_tree);
	return diff;
}

static const char *status_name(git_delta_t status)
{
	switch (status) {
	case GIT_DELTA_ADDED:
		return "added";
	case GIT_DELTA_DELETED:
		return "removed";
	case GIT_DELTA_RENAMED:
		return "renamed";
	case GIT_DELTA_TYPECHANGE:
		return "changed";
	default:
		return "modified";
	}
}

/* The hunks of a patch without its headers and without the last line break, as GitHub gives them. */
static struct str hunks_of(git_patch *patch, struct arena *arena)
{
	git_buf text = GIT_BUF_INIT;
	struct str hunks = STR_EMPTY;
	ptrdiff_t start;

	if (git_patch_to_buf(&text, patch) != 0)
		return hunks;
	hunks = str_of(text.ptr, text.size);
	start = str_find(hunks, STR("\n@@ -"), 0);
	hunks = start < 0 ? STR_EMPTY : str_skip(hunks, (size_t)start + 1);
	if (hunks.len && hunks.ptr[hunks.len - 1] == '\n')
		hunks.len--;
	hunks = arena_str(arena, hunks);
	git_buf_dispose(&text);
	return hunks;
}

static struct value *file_value(git_diff *diff, size_t idx, struct arena *arena)
{
	const git_diff_delta *delta = git_diff_get_delta(diff, idx);
	bool deleted = delta->status == GIT_DELTA_DELETED;
	const char *path = deleted ? delta->old_file.path : delta->new_file.path;
	struct value *file = value_object(arena);
	git_patch *patch = NULL;
	size_t added = 0;
	size_t removed = 0;
	struct str hunks = STR_EMPTY;

	if (git_patch_from_diff(&patch, diff, idx) == 0 && patch) {
		git_patch_line_stats(NULL, &added, &removed, patch);
		hunks = hunks_of(patch, arena);
	}
	git_patch_free(patch);
	value_set(arena, file, "sha",
		  value_string(arena, id_text(arena, deleted ? &delta->old_file.id
							     : &delta->new_file.id)));
	value_set(arena, file, "filename", value_text(arena, path));
	value_set(arena, file, "status", value_text(arena, status_name(delta->status)));
	value_set(arena, file, "additions", value_int(arena, (int64_t)added));
	value_set(arena, file, "deletions", value_int(arena, (int64_t)removed));
	value_set(arena, file, "changes", value_int(arena, (int64_t)(added + removed)));
	value_set(arena, file, "blob_url", value_text(arena, "https://example.invalid/blob"));
	value_set(arena, file, "raw_url", value_text(arena, "https://example.invalid/raw"));
	value_set(arena, file, "contents_url",
		  value_text(arena, "https://example.invalid/contents"));
	if (delta->status == GIT_DELTA_RENAMED)
		value_set(arena, file, "previous_filename",
			  value_text(arena, delta->old_file.path));
	if (hunks.len && utf8_valid(hunks))
		value_set(arena, file, "patch", value_string(arena, hunks));
	return file;
}

struct value *hub_repo_files(struct hub_repo *repo, struct str old_commit, struct str new_commit,
			     struct arena *arena)
{
	git_diff *diff = diff_of(repo, old_commit, new_commit);
	struct value *list = value_array(arena);

	for (size_t i = 0; diff && i < git_diff_num_deltas(diff); i++)
		value_append(arena, list, file_value(diff, i, arena));
	git_diff_free(diff);
	return list;
}

static bool patch_has_lines(git_patch *patch, bool left, int64_t start, int64_t end)
{
	for (size_t i = 0; i < git_patch_num_hunks(patch); i++) {
		const git_diff_hunk *hunk;
		size_t lines;
		bool has_start = false;
		bool has_end = false;

		if (git_patch_get_hunk(&hunk, &lines, patch, i) != 0)
			continue;
		for (size_t j = 0; j < lines; j++) {
			const git_diff_line *line;
			int number;

			if (git_patch_get_line_in_hunk(&line, patch, i, j) != 0)
				continue;
			number = left ? line->old_lineno : line->new_lineno;
			has_start = has_start || number == start;
			has_end = has_end || number == end;
		}
		if (has_start && has_end)
			return true;
	}
	return false;
}

/* The patch of the file that has this path; NULL: there is none. */
static git_patch *patch_of(git_diff *diff, struct str path)
{
	git_patch *patch = NULL;

	for (size_t i = 0; diff && !patch && i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *delta = git_diff_get_delta(diff, i);
		const char *name = delta->status == GIT_DELTA_DELETED ? delta->old_file.path
								      : delta->new_file.path;

		if (str_eq(str_from(name), path) && git_patch_from_diff(&patch, diff, i) != 0)
			patch = NULL;
	}
	return patch;
}

bool hub_repo_has_lines(struct hub_repo *repo, struct str commits[2], struct str path, bool left,
			int64_t start, int64_t end)
{
	git_diff *diff = diff_of(repo, commits[0], commits[1]);
	git_patch *patch = patch_of(diff, path);
	bool has = patch && patch_has_lines(patch, left, start, end);

	git_patch_free(patch);
	git_diff_free(diff);
	return has;
}

/* The same line in the file after a hunk's lines, or 0. */
static int64_t follow_in_hunk(git_patch *patch, size_t hunk, size_t lines, int64_t number)
{
	for (size_t i = 0; i < lines; i++) {
		const git_diff_line *line;

		if (git_patch_get_line_in_hunk(&line, patch, hunk, i) == 0 &&
		    line->old_lineno == number)
			return line->new_lineno > 0 ? line->new_lineno : 0;
	}
	return 0;
}

int64_t hub_repo_follow(struct hub_repo *repo, struct str old_commit, struct str new_commit,
			struct str path, int64_t line)
{
	git_diff *diff = diff_of(repo, old_commit, new_commit);
	git_patch *patch = patch_of(diff, path);
	int64_t now = line;

	for (size_t i = 0; patch && i < git_patch_num_hunks(patch); i++) {
		const git_diff_hunk *hunk;
		size_t lines;

		if (git_patch_get_hunk(&hunk, &lines, patch, i) != 0 || hunk->old_start > line)
			break;
		if (line < hunk->old_start + hunk->old_lines) {
			now = follow_in_hunk(patch, i, lines, line);
			break;
		}
		now = line + hunk->new_start + hunk->new_lines - hunk->old_start - hunk->old_lines;
	}
	git_patch_free(patch);
	git_diff_free(diff);
	return now;
}

struct walk {
	struct arena *arena;
	struct value *list;
	git_repository *git;
};

static int on_entry(const char *root, const git_tree_entry *entry, void *payload)
{
	struct walk *walk = payload;
	struct arena *arena = walk->arena;
	struct value *item = value_object(arena);
	bool is_tree = git_tree_entry_type(entry) == GIT_OBJECT_TREE;
	git_blob *blob = NULL;

	value_set(arena, item, "path",
		  value_string(arena,
			       arena_printf(arena, "%s%s", root, git_tree_entry_name(entry))));
	value_set(arena, item, "mode",
		  value_string(arena, arena_printf(arena, "%06o",
						   (unsigned)git_tree_entry_filemode(entry))));
	value_set(arena, item, "type", value_text(arena, is_tree ? "tree" : "blob"));
	value_set(arena, item, "sha",
		  value_string(arena, id_text(arena, git_tree_entry_id(entry))));
	if (!is_tree && git_blob_lookup(&blob, walk->git, git_tree_entry_id(entry)) == 0)
		value_set(arena, item, "size", value_int(arena, (int64_t)git_blob_rawsize(blob)));
	git_blob_free(blob);
	value_append(arena, walk->list, item);
	return 0;
}

struct value *hub_repo_tree(struct hub_repo *repo, struct str commit, struct arena *arena)
{
	git_tree *tree = tree_of(repo, commit);
	struct walk walk = {arena, value_array(arena), repo->git};
	struct value *answer = value_object(arena);

	if (!tree)
		return NULL;
	git_tree_walk(tree, GIT_TREEWALK_PRE, on_entry, &walk);
	value_set(arena, answer, "sha", value_string(arena, id_text(arena, git_tree_id(tree))));
	value_set(arena, answer, "url", value_text(arena, "https://example.invalid/tree"));
	value_set(arena, answer, "tree", walk.list);
	value_set(arena, answer, "truncated", value_bool(arena, false));
	git_tree_free(tree);
	return answer;
}

bool hub_repo_blob(struct hub_repo *repo, struct str id, struct buf *out)
{
	git_blob *blob = NULL;
	git_oid oid;

	if (id.len != GIT_OID_HEXSZ || git_oid_fromstrn(&oid, id.ptr, id.len) != 0 ||
	    git_blob_lookup(&blob, repo->git, &oid) != 0)
		return false;
	buf_add(out, str_of(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)));
	git_blob_free(blob);
	return true;
}

struct str hub_repo_path(struct hub_repo *repo, struct str commit, struct str path,
			 struct arena *arena)
{
	git_tree *tree = tree_of(repo, commit);
	git_tree_entry *entry = NULL;
	struct str id = STR_EMPTY;

	if (tree && git_tree_entry_bypath(&entry, tree, arena_text(arena, path)) == 0 &&
	    git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
		id = id_text(arena, git_tree_entry_id(entry));
	git_tree_entry_free(entry);
	git_tree_free(tree);
	return id;
}

struct str hub_repo_merge_base(struct hub_repo *repo, struct str a, struct str b,
			       struct arena *arena)
{
	git_oid first;
	git_oid second;
	git_oid base;

	if (git_oid_fromstrn(&first, a.ptr, a.len) != 0 ||
	    git_oid_fromstrn(&second, b.ptr, b.len) != 0 ||
	    git_merge_base(&base, repo->git, &first, &second) != 0)
		return STR_EMPTY;
	return id_text(arena, &base);
}
