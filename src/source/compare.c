/* Changes between trees, the work tree and blobs, by libgit2. */
#include <string.h>

#include "source/git.h"

/* Appends one line of a printed change; stops the printing when the text grows beyond its maximum. */
static int add_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
		    const git_diff_line *line, void *payload)
{
	struct buf *out = payload;

	(void)delta;
	(void)hunk;
	if (line->content_len + 1 > out->max - out->len)
		return GIT_EUSER;
	if (line->origin == GIT_DIFF_LINE_CONTEXT || line->origin == GIT_DIFF_LINE_ADDITION ||
	    line->origin == GIT_DIFF_LINE_DELETION)
		buf_add_char(out, line->origin);
	buf_add(out, str_of(line->content, line->content_len));
	return 0;
}

static bool too_large(struct error *err)
{
	return error_set(err, ERROR_LIMIT, "a change of more than %d bytes", DIFF_SIZE_MAX);
}

/* Renames found, then printed as git prints it, then parsed by the one parser. */
static bool read_diff(git_diff *git, struct diff *diff, struct error *err)
{
	git_diff_find_options find = GIT_DIFF_FIND_OPTIONS_INIT;
	SCOPED(buf) struct buf text = BUF_INIT;
	int code;

	find.flags = GIT_DIFF_FIND_RENAMES;
	code = git_diff_find_similar(git, &find);
	if (code == 0)
		code = git_diff_print(git, GIT_DIFF_FORMAT_PATCH, add_line, &text);
	if (code == GIT_EUSER)
		return too_large(err);
	if (code != 0)
		return git_fail(err, code, "compare");
	return diff_parse(buf_str(&text), diff, err);
}

bool blob_diff(struct str old_bytes, struct str new_bytes, struct buf *patch, bool *binary,
	       struct error *err)
{
	SCOPED(buf) struct buf whole = BUF_INIT;
	git_patch *git = NULL;
	ptrdiff_t hunks;
	int code;

	git_libgit2_init();
	code = git_patch_from_buffers(&git, old_bytes.ptr ? old_bytes.ptr : "", old_bytes.len, "a",
				      new_bytes.ptr ? new_bytes.ptr : "", new_bytes.len, "a", NULL);
	if (code == 0)
		code = git_patch_print(git, add_line, &whole);
	if (code == 0)
		*binary = git_patch_get_delta(git)->flags & GIT_DIFF_FLAG_BINARY;
	git_patch_free(git);
	git_libgit2_shutdown();
	if (code == GIT_EUSER)
		return too_large(err);
	if (code != 0)
		return git_fail(err, code, "compare two versions of a file");
	hunks = *binary ? -1 : str_find(buf_str(&whole), STR("\n@@ -"), 0);
	if (hunks >= 0)
		buf_add(patch, str_skip(buf_str(&whole), (size_t)hunks + 1));
	return true;
}

/* A blob's bytes; empty for the id of no blob.  False when it is not here or too large. */
static bool read_side(const struct source *source, struct str id, struct buf *out)
{
	struct error err;

	for (size_t i = 0; i < id.len; i++) {
		if (id.ptr[i] != '0')
			return source_blob(source, id, SOURCE_BLOB_SIZE_MAX, out, &err);
	}
	return true;
}

/*
 * The change itself can say, in .gitattributes, that a text is binary.  What is reviewed is not for it to
 * choose: such a file is compared by its bytes.
 */
static bool show_text(const struct source *source, struct diff *diff, struct diff_file *file,
		      struct error *err)
{
	SCOPED(buf) struct buf old_bytes = BUF_INIT;
	SCOPED(buf) struct buf new_bytes = BUF_INIT;
	SCOPED(buf) struct buf patch = BUF_INIT;
	bool binary = true;

	if (!file->binary || !read_side(source, file->old_id, &old_bytes) ||
	    !read_side(source, file->new_id, &new_bytes))
		return true;
	if (!blob_diff(buf_str(&old_bytes), buf_str(&new_bytes), &patch, &binary, err))
		return false;
	if (binary)
		return true;
	file->binary = false;
	return diff_file_set_patch(diff, file, buf_str(&patch), err);
}

/* Without the old text, or when it is not wanted, the places stay unknown. */
static void set_places(const struct source *source, struct diff_file *file)
{
	SCOPED(buf) struct buf old_bytes = BUF_INIT;

	if (file->len && file->status != DIFF_ADDED && file->status != DIFF_DELETED &&
	    read_side(source, file->old_id, &old_bytes))
		diff_file_set_places(file, buf_str(&old_bytes));
}

static bool compare_trees(struct repository *repository, git_tree *old_tree, git_tree *new_tree,
			  struct diff *diff, struct error *err)
{
	struct repository_commit commit = {.repository = repository};
	struct source source = source_from_commit(&commit);
	git_diff_options options = GIT_DIFF_OPTIONS_INIT;
	SCOPED(diff) struct diff read = {0};
	git_diff *git = NULL;
	bool good;
	int code;

	options.id_abbrev = GIT_OID_HEXSZ;
	code = git_diff_tree_to_tree(&git, repository->git, old_tree, new_tree, &options);
	good = code == 0 ? read_diff(git, &read, err) : git_fail(err, code, "compare");
	git_diff_free(git);
	for (size_t i = 0; good && i < read.len; i++) {
		good = show_text(&source, &read, &read.files[i], err);
		if (good)
			set_places(&source, &read.files[i]);
	}
	if (good) {
		*diff = read;
		read = (struct diff){0};
	}
	return good;
}

bool repository_diff(struct repository *repository, struct str old_commit, struct str new_commit,
		     struct diff *diff, struct error *err)
{
	git_tree *old_tree = NULL;
	git_tree *new_tree = NULL;
	bool good = git_tree_of(repository, old_commit, &old_tree, err) &&
		    git_tree_of(repository, new_commit, &new_tree, err) &&
		    compare_trees(repository, old_tree, new_tree, diff, err);

	git_tree_free(new_tree);
	git_tree_free(old_tree);
	return good;
}

bool repository_diff_worktree(struct repository *repository, struct str old_commit,
			      struct diff *diff, struct error *err)
{
	git_diff_options options = GIT_DIFF_OPTIONS_INIT;
	git_tree *tree = NULL;
	git_diff *git = NULL;
	bool good;
	int code;

	options.flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
			GIT_DIFF_SHOW_UNTRACKED_CONTENT;
	if (!git_tree_of(repository, old_commit, &tree, err))
		return false;
	code = git_diff_tree_to_workdir_with_index(&git, repository->git, tree, &options);
	good = code == 0 ? read_diff(git, diff, err) : git_fail(err, code, "compare");
	git_diff_free(git);
	git_tree_free(tree);
	return good;
}
