/* The emulator's repository: its life, and what its commits hold, by libgit2. */
#include "hub_repo.h"

#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/repository.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "value/put.h"

bool hub_repo_fail(struct error *err, const char *what)
{
	const git_error *last = git_error_last();

	return error_set(err, ERROR_IO, "%s: %s", what, last ? last->message : "libgit2 failed");
}

/* An empty configuration and index: libgit2 1.7 looks for both, in vain, when it makes a patch. */
static bool set_empty(git_repository *git)
{
	git_config *config = NULL;
	git_index *index = NULL;
	bool ok = git_config_new(&config) == 0 && git_repository_set_config(git, config) == 0 &&
		  git_index_new(&index) == 0 && git_repository_set_index(git, index) == 0;

	git_index_free(index);
	git_config_free(config);
	return ok;
}

struct hub_repo *hub_repo_new(struct error *err)
{
	struct hub_repo *repo = NEW(struct hub_repo);
	git_odb_backend *memory = NULL;

	git_libgit2_init();
	if (git_odb_new(&repo->objects) != 0 || git_mempack_new(&memory) != 0 ||
	    git_odb_add_backend(repo->objects, memory, 1) != 0 ||
	    git_repository_wrap_odb(&repo->git, repo->objects) != 0 || !set_empty(repo->git)) {
		hub_repo_fail(err, "make a repository");
		hub_repo_free(repo);
		return NULL;
	}
	return repo;
}

void hub_repo_free(struct hub_repo *repo)
{
	if (!repo)
		return;
	git_repository_free(repo->git);
	git_odb_free(repo->objects);
	git_libgit2_shutdown();
	free(repo);
}

struct str hub_repo_id(struct arena *arena, const git_oid *oid)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), oid);
	return arena_str(arena, str_from(hex));
}

bool hub_repo_find(struct hub_repo *repo, struct str id, git_commit **commit)
{
	git_oid oid;

	return id.len == GIT_OID_HEXSZ && git_oid_fromstrn(&oid, id.ptr, id.len) == 0 &&
	       git_commit_lookup(commit, repo->git, &oid) == 0;
}

/* ---- Reading ---- */

static git_tree *tree_of(struct hub_repo *repo, struct str commit)
{
	git_commit *found = NULL;
	git_tree *tree = NULL;

	if (hub_repo_find(repo, commit, &found) && git_commit_tree(&tree, found) != 0)
		tree = NULL;
	git_commit_free(found);
	return tree;
}

bool hub_repo_has(struct hub_repo *repo, struct str commit)
{
	git_commit *found = NULL;
	bool has = hub_repo_find(repo, commit, &found);

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
	put_text(arena, file, "sha",
		 hub_repo_id(arena, deleted ? &delta->old_file.id : &delta->new_file.id));
	put_word(arena, file, "filename", path);
	put_word(arena, file, "status", status_name(delta->status));
	put_int(arena, file, "additions", (int64_t)added);
	put_int(arena, file, "deletions", (int64_t)removed);
	put_int(arena, file, "changes", (int64_t)(added + removed));
	put_word(arena, file, "blob_url", "https://example.invalid/blob");
	put_word(arena, file, "raw_url", "https://example.invalid/raw");
	put_word(arena, file, "contents_url", "https://example.invalid/contents");
	if (delta->status == GIT_DELTA_RENAMED)
		put_word(arena, file, "previous_filename", delta->old_file.path);
	if (hunks.len && utf8_valid(hunks))
		put_text(arena, file, "patch", hunks);
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

struct hub_walk {
	struct arena *arena;
	struct value *list;
	git_repository *git;
};

static int on_entry(const char *root, const git_tree_entry *entry, void *payload)
{
	struct hub_walk *walk = payload;
	struct arena *arena = walk->arena;
	struct value *item = value_object(arena);
	git_object_t type = git_tree_entry_type(entry);
	git_blob *blob = NULL;

	put_text(arena, item, "path",
		 arena_printf(arena, "%s%s", root, git_tree_entry_name(entry)));
	put_text(arena, item, "mode",
		 arena_printf(arena, "%06o", (unsigned)git_tree_entry_filemode(entry)));
	put_word(arena, item, "type", git_object_type2string(type));
	put_text(arena, item, "sha", hub_repo_id(arena, git_tree_entry_id(entry)));
	if (type == GIT_OBJECT_BLOB &&
	    git_blob_lookup(&blob, walk->git, git_tree_entry_id(entry)) == 0)
		put_int(arena, item, "size", (int64_t)git_blob_rawsize(blob));
	git_blob_free(blob);
	value_append(arena, walk->list, item);
	return 0;
}

struct value *hub_repo_tree(struct hub_repo *repo, struct str commit, struct arena *arena)
{
	git_tree *tree = tree_of(repo, commit);
	struct hub_walk walk = {arena, value_array(arena), repo->git};
	struct value *answer = value_object(arena);

	if (!tree)
		return NULL;
	git_tree_walk(tree, GIT_TREEWALK_PRE, on_entry, &walk);
	put_text(arena, answer, "sha", hub_repo_id(arena, git_tree_id(tree)));
	put_word(arena, answer, "url", "https://example.invalid/tree");
	value_set(arena, answer, "tree", walk.list);
	put_bool(arena, answer, "truncated", false);
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
		id = hub_repo_id(arena, git_tree_entry_id(entry));
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
	return hub_repo_id(arena, &base);
}
